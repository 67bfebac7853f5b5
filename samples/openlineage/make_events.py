# ruff: noqa: INP001 - a script beside its output, not a package
"""Writes the sample lender's OpenLineage events with the official Python client.

    python samples/openlineage/make_events.py [FILE]

Run ids and times are fixed, so the same client gives the same bytes. ``README.md``
beside this file says which client wrote the file that is here.
"""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    DatasetEvent,
    InputDataset,
    Job,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    StaticDataset,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_type_dataset,
    datasource_dataset,
    documentation_dataset,
    documentation_job,
    error_message_run,
    job_type_job,
    ownership_dataset,
    ownership_job,
    parent_run,
    schema_dataset,
    source_code_location_job,
    symlinks_dataset,
)
from openlineage.client.transport.file import FileConfig, FileTransport

PRODUCER = "https://github.com/fairbank-credit/credit-pipelines"
SCHEDULER = "lending-airflow"
CORE, WAREHOUSE = "postgres://core-db:5432", "postgres://warehouse:5432"
BUREAU, LAKE, MODELS, REPORTS = "s3://bureau-feed", "s3://credit-lake", "s3://credit-models", "s3://reports"

NIGHTS = ("2026-09-01", "2026-10-15", "2026-10-20", "2026-11-14", "2026-11-15")
TRAININGS = {"2026-08-23": "credit-scoring/2026-08-23", "2026-10-18": "credit-scoring/2026-10-18"}


@dataclass(frozen=True)
class Data:
    """A dataset of the lender, with what its producers say about it."""

    namespace: str
    name: str
    type: str
    columns: tuple[tuple[str, str], ...] = ()
    description: str = ""
    owner: str = ""
    symlink: tuple[str, str] | None = None
    derived: tuple[tuple[str, str, str, str], ...] = ()
    """Column lineage: own column, then namespace, name and column of the input."""
    bare: bool = False
    """Whether its producer knows nothing but its name."""

    def facets(self) -> dict:
        """Return the dataset facets."""
        if self.bare:
            return {}
        found: dict = {
            "dataSource": datasource_dataset.DatasourceDatasetFacet(name=self.namespace, uri=self.namespace),
            "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType=self.type),
        }
        if self.columns:
            fields = [schema_dataset.SchemaDatasetFacetFields(name=n, type=t) for n, t in self.columns]
            found["schema"] = schema_dataset.SchemaDatasetFacet(fields=fields)
        if self.description:
            found["documentation"] = documentation_dataset.DocumentationDatasetFacet(
                description=self.description
            )
        if self.owner:
            owner = ownership_dataset.Owner(name=self.owner, type="MAINTAINER")
            found["ownership"] = ownership_dataset.OwnershipDatasetFacet(owners=[owner])
        if self.symlink:
            namespace, name = self.symlink
            link = symlinks_dataset.Identifier(namespace=namespace, name=name, type="LOCATION")
            found["symlinks"] = symlinks_dataset.SymlinksDatasetFacet(identifiers=[link])
        return found

    def read(self) -> InputDataset:
        """Return it as an input."""
        return InputDataset(namespace=self.namespace, name=self.name, facets=self.facets())

    def written(self) -> OutputDataset:
        """Return it as an output, with its column lineage."""
        facets = self.facets()
        if self.derived:
            fields = {
                own: column_lineage_dataset.Fields(
                    inputFields=[column_lineage_dataset.InputField(namespace=ns, name=name, field=column)]
                )
                for own, ns, name, column in self.derived
            }
            facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)
        return OutputDataset(namespace=self.namespace, name=self.name, facets=facets)


APPLICATIONS = Data(
    CORE,
    "loans.public.applications",
    "TABLE",
    (("application_id", "BIGINT"), ("customer_id", "BIGINT"), ("income", "NUMERIC"), ("postcode", "VARCHAR")),
    "Loan applications as customers enter them.",
)
REPAYMENTS = Data(
    CORE,
    "loans.public.repayments",
    "TABLE",
    (("loan_id", "BIGINT"), ("customer_id", "BIGINT"), ("days_late", "INTEGER")),
)
BUREAU_SCORES = Data(BUREAU, "daily/bureau_scores.parquet", "FILE", bare=True)
STAGED_APPLICATIONS = Data(
    WAREHOUSE,
    "credit.staging.applications",
    "TABLE",
    (("application_id", "BIGINT"), ("customer_id", "BIGINT"), ("income", "NUMERIC")),
    derived=(
        ("application_id", CORE, "loans.public.applications", "application_id"),
        ("customer_id", CORE, "loans.public.applications", "customer_id"),
        ("income", CORE, "loans.public.applications", "income"),
    ),
)
STAGED_REPAYMENTS = Data(
    WAREHOUSE,
    "credit.staging.repayments",
    "TABLE",
    (("customer_id", "BIGINT"), ("days_late", "INTEGER")),
    derived=(
        ("customer_id", CORE, "loans.public.repayments", "customer_id"),
        ("days_late", CORE, "loans.public.repayments", "days_late"),
    ),
)
STAGED_BUREAU = Data(WAREHOUSE, "credit.staging.bureau_scores", "TABLE")
FEATURES = Data(
    WAREHOUSE,
    "credit.features.applicant_features",
    "TABLE",
    (("customer_id", "BIGINT"), ("income_band", "INTEGER"), ("late_ratio", "DOUBLE"), ("bureau", "DOUBLE")),
    "Features by applicant, as the model reads them.",
    owner="team:data-eng",
    symlink=(LAKE, "features/applicant"),
)
TRAINING_SET = Data(WAREHOUSE, "credit.training.training_set", "TABLE", owner="team:ml")
SCORES = Data(
    WAREHOUSE,
    "credit.serving.scores",
    "TABLE",
    (("application_id", "BIGINT"), ("score", "DOUBLE"), ("model", "VARCHAR")),
)
PORTFOLIO = Data(REPORTS, "monthly/portfolio.pdf", "FILE")
FEATURES_BY_PATH = Data(LAKE, "features/applicant", "FILE", bare=True)


def model(version: str) -> Data:
    """Return the artifact of one training."""
    return Data(MODELS, version, "MODEL", description="Gradient boosted trees and their calibration.")


@dataclass(frozen=True)
class Task:
    """A job of the lender: what it reads and writes, and under which parent it runs."""

    name: str
    inputs: tuple[Data, ...] = ()
    outputs: tuple[Data, ...] = ()
    parent: str | None = None
    owner: str = ""
    description: str = ""
    type: str = "TASK"
    extra: dict = field(default_factory=dict)

    def job(self) -> Job:
        """Return the job with its facets."""
        facets: dict = {
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="BATCH", integration="AIRFLOW", jobType=self.type
            ),
            "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
                type="git",
                url=f"{PRODUCER}/blob/main/dags/{self.name.split('.')[0]}.py",
                repoUrl=f"{PRODUCER}.git",
                path=f"dags/{self.name.split('.')[0]}.py",
            ),
        }
        if self.owner:
            owner = ownership_job.Owner(name=self.owner, type="MAINTAINER")
            facets["ownership"] = ownership_job.OwnershipJobFacet(owners=[owner])
        if self.description:
            facets["documentation"] = documentation_job.DocumentationJobFacet(description=self.description)
        return Job(namespace=SCHEDULER, name=self.name, facets=facets)


NIGHTLY = Task(
    "nightly_credit", owner="team:data-eng", description="Everything that runs at night.", type="DAG"
)
WEEKLY = Task("weekly_training", owner="team:ml", type="DAG")
INGEST = Task(
    "nightly_credit.ingest_applications",
    (APPLICATIONS, REPAYMENTS),
    (STAGED_APPLICATIONS, STAGED_REPAYMENTS),
    "nightly_credit",
    description="Copies applications and repayments into the warehouse.",
)
INGEST_BUREAU = Task("nightly_credit.ingest_bureau", (BUREAU_SCORES,), (STAGED_BUREAU,), "nightly_credit")
BUILD = Task(
    "nightly_credit.build_features",
    (STAGED_APPLICATIONS, STAGED_REPAYMENTS, STAGED_BUREAU),
    (FEATURES, TRAINING_SET),
    "nightly_credit",
    description="Builds the features and, from the same code, the training set.",
)
REPORT = Task(
    "monthly_report", (SCORES, REPAYMENTS), (PORTFOLIO,), None, "user:ben.okafor@fairbank.example", type="DAG"
)


def scoring(night: str) -> Task:
    """Return the scoring task with the model that it used that night."""
    version = TRAININGS["2026-08-23" if night < "2026-10-18" else "2026-10-18"]
    return Task(
        "nightly_credit.score_batch",
        (FEATURES_BY_PATH, model(version)),
        (SCORES,),
        "nightly_credit",
        description="Scores the day's applications.",
    )


def training(day: str) -> Task:
    """Return the training task with the artifact that it wrote that day."""
    return Task(
        "weekly_training.train_credit_model",
        (TRAINING_SET,),
        (model(TRAININGS[day]),),
        "weekly_training",
        "user:ben.okafor@fairbank.example",
        "Trains and calibrates the credit model.",
    )


def events() -> Sequence[RunEvent | DatasetEvent]:
    """Return all events in order of time."""
    found: list[RunEvent | DatasetEvent] = []
    for day in TRAININGS:
        found += run_of(WEEKLY, day, "09:00", "11:00")
        found += run_of(training(day), day, "09:05", "10:50")
    for night in NIGHTS:
        found += run_of(NIGHTLY, night, "02:00", "04:00")
        found += run_of(INGEST, night, "02:05", "02:20")
        found += run_of(INGEST_BUREAU, night, "02:05", "02:12")
        found += run_of(BUILD, night, "02:30", "03:10")
        found += run_of(scoring(night), night, "03:15", "03:40")
    found += run_of(REPORT, "2026-11-01", "06:00", "06:03", failed="The report template was not found.")
    found.append(described(APPLICATIONS, "2026-09-02T08:00:00Z"))
    return sorted(found, key=lambda event: event.eventTime)


def run_of(task: Task, day: str, begin: str, end: str, failed: str = "") -> list[RunEvent | DatasetEvent]:
    """Return the two events of a run: the datasets are known when it begins, its columns at its end."""
    run_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}/{task.name}/{day}"))
    facets: dict = {}
    if task.parent:
        parent_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}/{task.parent}/{day}"))
        facets["parent"] = parent_run.ParentRunFacet(
            run=parent_run.Run(runId=parent_id), job=parent_run.Job(namespace=SCHEDULER, name=task.parent)
        )
    ending = dict(facets)
    if failed:
        ending["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=failed, programmingLanguage="Python"
        )
    inputs, outputs = [d.read() for d in task.inputs], [d.written() for d in task.outputs]
    state = RunState.FAIL if failed else RunState.COMPLETE
    return [
        RunEvent(
            eventType=kind,
            eventTime=f"{day}T{time}:00Z",
            run=Run(runId=run_id, facets=run_facets),
            job=task.job(),
            inputs=list(inputs),
            outputs=list(outputs),
            producer=PRODUCER,
        )
        for kind, time, run_facets in ((RunState.START, begin, facets), (state, end, ending))
    ]


def described(data: Data, time: str) -> DatasetEvent:
    """Return an event of a catalog that says who looks after a dataset."""
    owner = ownership_dataset.Owner(name="team:risk", type="STEWARD")
    facets = {"ownership": ownership_dataset.OwnershipDatasetFacet(owners=[owner])}
    dataset = StaticDataset(namespace=data.namespace, name=data.name, facets=facets)
    return DatasetEvent(eventTime=time, dataset=dataset, producer=PRODUCER)


def write(path: Path) -> int:
    """Write all events to a file, replacing it; return how many there are."""
    path.unlink(missing_ok=True)
    transport = FileTransport(FileConfig(log_file_path=str(path), append=True))
    client = OpenLineageClient(transport=transport)
    found = events()
    for event in found:
        client.emit(event)
    return len(found)


def main() -> None:
    """Write the events to the file that is named, else beside this script."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("events.jsonl")
    logging.getLogger(__name__).info("%d events in %s", write(target), target)


if __name__ == "__main__":
    main()
