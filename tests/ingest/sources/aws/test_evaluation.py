"""The evaluator against a second one that asks, for one action and one resource at a time, what AWS asks.

The second knows nothing of regions or patterns cut with each other: it goes through every statement
and compares names. What the scopes of a grant say must be what it says, of every action, resource
and outcome of the open conditions.
"""

import itertools
import re
from fnmatch import translate
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import EdgeFacts, NodeFacts
from ingest.arns import resource_type_of
from ingest.facts import Fact
from ingest.sources.aws.directory import Directory
from ingest.sources.aws.grants import Grants
from ingest.sources.aws.names import Account
from ingest.sources.aws.policies.evaluation import Allowed, Evaluator, strongest
from ingest.sources.aws.policies.statements import statements_of
from ingest.sources.aws.principals import Place, Principal

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "ecr:PutImage")
RESOURCES = tuple("".join(letters) for n in range(1, 4) for letters in itertools.product("ab", repeat=n))
KEYS = ("aws:SourceIp", "aws:MultiFactorAuthPresent")
FACTS = {"aws:username": "ab"}

patterns = st.text(alphabet="ab*?", min_size=1, max_size=4) | st.just("*") | st.just("${aws:username}*")
actions = st.sampled_from(
    ["*", "s3:*", "s3:Get*", "S3:PUTOBJECT", "*:Put*", "ecr:PutImage", "s3:?e*Object", "iam:*"]
)
conditions = st.sampled_from(
    [
        None,
        {"Bool": {KEYS[1]: "true"}},
        {"IpAddress": {KEYS[0]: "10.0.0.0/8"}},
        {"StringEquals": {"aws:username": "ab"}},
        {"StringEquals": {"aws:username": "other"}},
        {"StringNotLike": {"aws:username": "a*"}},
        {"StringLike": {"aws:username": ["x*", "a?"]}, "Bool": {KEYS[1]: "true"}},
    ]
)


@st.composite
def statement(draw: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    found[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        st.lists(actions, min_size=1, max_size=2)
    )
    found[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        st.lists(patterns, min_size=1, max_size=2)
    )
    condition = draw(conditions)
    return {**found, "Condition": condition} if condition else found


documents = st.lists(statement(), min_size=1, max_size=4)


@given(own=documents, limit=st.none() | documents)
@settings(max_examples=400, deadline=None)
def test_scopes_say_what_a_decision_for_each_action_and_resource_says(own, limit):
    evaluator = Evaluator(read(own), None if limit is None else read(limit), FACTS)
    for action in ACTIONS:
        found = strongest(evaluator.allowed(action.lower()))
        for resource in RESOURCES:
            assert outcome_of(found, resource) == expected(own, limit, action, resource), (action, resource)


def read(statements: list[dict[str, Any]]) -> Any:
    document: Any = {"Version": "2012-10-17", "Statement": statements}
    return tuple(statements_of(document, "p", ""))


def outcome_of(found: list[Allowed], resource: str) -> str:
    held = [one for one in found if one.region.holds(resource)]
    return "certain" if any(not one.conditions for one in held) else "possible" if held else "denied"


def expected(own: list[Any], limit: list[Any] | None, action: str, resource: str) -> str:
    """Certain if allowed whatever statements with open conditions do, possible if in any way they may.

    Each such statement may apply or not, by itself: what makes one true may make another false.
    """
    certain = is_allowed(own, action, resource, kindly=False)
    possible = is_allowed(own, action, resource, kindly=True)
    if limit is not None:
        certain = certain and is_allowed(limit, action, resource, kindly=False)
        possible = possible and is_allowed(limit, action, resource, kindly=True)
    return "certain" if certain else "possible" if possible else "denied"


def is_allowed(statements: list[Any], action: str, resource: str, *, kindly: bool) -> bool:
    allowed = False
    for one in statements:
        if not concerns(one, action, resource):
            continue
        applies = condition_of(one)
        if one["Effect"] == "Deny":
            if applies is True or (applies is None and not kindly):
                return False
        elif applies is True or (applies is None and kindly):
            allowed = True
    return allowed


def concerns(one: dict[str, Any], action: str, resource: str) -> bool:
    if "Action" in one:
        named = any(like(p.lower(), action.lower()) for p in one["Action"])
    else:
        named = not any(like(p.lower(), action.lower()) for p in one["NotAction"])
    if "Resource" in one:
        return named and any(like(filled(p), resource) for p in one["Resource"])
    return named and not any(like(filled(p), resource) for p in one["NotResource"])


def condition_of(one: dict[str, Any]) -> bool | None:
    """What the condition of a statement comes to: None where it depends on the request."""
    outcomes: list[bool | None] = []
    for operator, keys in one.get("Condition", {}).items():
        for key, values in keys.items():
            if key in KEYS:
                outcomes.append(None)
                continue
            wanted = [values] if isinstance(values, str) else values
            fits = any(like(w, "ab") if "Like" in operator else w == "ab" for w in wanted)
            outcomes.append(not fits if "Not" in operator else fits)
    if False in outcomes:
        return False
    return None if None in outcomes else True


def filled(pattern: str) -> str:
    return pattern.replace("${aws:username}", "ab")


def like(pattern: str, text: str) -> bool:
    return compiled(pattern).match(text) is not None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.replace("[", "[[]")))


OWN, OTHER = "111122223333", "444455556666"
NAMES = (
    "arn:aws:s3:::lake/a",
    "arn:aws:s3:::lake/raw/a",
    "arn:aws:s3:::raw/lake/a",
    f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:a",
    f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:a/b",
    f"arn:aws:secretsmanager:eu-west-1:{OTHER}:secret:a",
)
READING = {"s3": "s3:GetObject", "secretsmanager": "secretsmanager:GetSecretValue"}
arns = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::lake*",
        "arn:aws:s3:::*/a",
        "arn:aws:s3:::*/lake/?",
        "arn:aws:secretsmanager:*",
        "arn:*:secretsmanager:*:*:secret:a*",
        f"arn:aws:secretsmanager:eu-*:{OWN}:*",
        f"arn:aws:secretsmanager:*:{OTHER}:secret:*",
        f"arn:aws:secretsmanager:*:{OWN[:6]}*:secret:?",
    ]
)


@st.composite
def named_statement(draw: Any) -> dict[str, Any]:
    found = {**draw(statement()), "Action": [draw(st.sampled_from(["*", "s3:*", "*:Get*"]))]}
    found.pop("NotAction", None)
    key = "Resource" if "Resource" in found else "NotResource"
    return {**found, key: draw(st.lists(arns, min_size=1, max_size=2))}


named = st.lists(named_statement(), min_size=1, max_size=4)


@given(own=named, limit=st.none() | named)
@settings(max_examples=200, deadline=None)
def test_grants_on_types_say_it_of_names_in_the_account_and_never_surely_of_others(own, limit):
    directory = Directory(Account(OWN))
    name_of_user = f"arn:aws:iam::{OWN}:user/ab"
    principal = Principal("UserDetailList", name_of_user, "ab", "AIDA", Place("f", ""), read(own), ())
    made = Evaluator(read(own), None if limit is None else read(limit), FACTS)
    directory.principals[principal.arn] = principal
    directory._evaluators[principal.arn] = made
    found = list(Grants(directory).facts(principal))
    for name in NAMES:
        action = READING[name.split(":")[2]]
        said = said_of(found, name)
        if f":{OTHER}:" in name:
            assert said in {"possible", "denied"}
        else:
            assert said == expected(own, limit, action, name), name


def said_of(found: list[Fact], name: str) -> str:
    """What the facts say of reading one resource: by its own scopes, or by control of the whole account."""
    scopes = {f.about.uid: f.about for f in found if isinstance(f.about, NodeFacts)}
    said = {"denied"}
    for fact in found:
        if not isinstance(fact.about, EdgeFacts) or fact.about.relation not in {"CAN_READ", "CAN_ADMIN"}:
            continue
        scope = scopes.get(fact.about.object)
        whole = scope is None and f":{OTHER}:" not in name
        if whole or (scope is not None and fact.about.relation == "CAN_READ" and stands_in(scope, name)):
            said.add(fact.certainty.value)
    return "certain" if "certain" in said else "possible" if "possible" in said else "denied"


def stands_in(scope: NodeFacts, name: str) -> bool:
    taken, out = (scope.properties.get(key, ()) for key in ("resource_patterns", "excluded_patterns"))
    assert isinstance(taken, tuple)
    assert isinstance(out, tuple)
    held = any(like(str(p), name) for p in taken) and not any(like(str(p), name) for p in out)
    return held and str(scope.properties["resource_type"]) == resource_type_of(name)
