"""A pipeline that tells what it uses and produces. Needs HOLDFAST_TOKEN to arrive, and nothing to run."""

import holdfast_client


def fit(rows: list[int]) -> float:
    """Train the smallest of models."""
    return sum(rows) / len(rows)


with holdfast_client.change(job="train", namespace="handbook") as run:
    run.uses("s3://fairbank-features/loans/2026-11.parquet", version="9f3c21aa")
    model = fit([1, 2, 3])
    run.produces("loan-default", dataset_type="MODEL", version="3")


@holdfast_client.change(job="score", namespace="handbook", uses=["loan-default"])
def score(amount: int) -> float:
    """Score a loan; each call is a run."""
    change = holdfast_client.current()
    if change is not None:
        change.produces("s3://fairbank-scores/today.parquet")
    return amount * model


print(score(7))
print("all sent" if holdfast_client.flush() else "some wait in the spool")
print(holdfast_client.status())
