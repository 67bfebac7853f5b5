"""How each source is seen. Detectors look at names of files, programs and variables, never at values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from api.initialising.repository import origin_of
from api.initialising.suggestion import YOURS, Made, Suggestion, missing
from api.initialising.surroundings import Surroundings

Detector = Callable[[Surroundings], Suggestion | None]

_KUBERNETES: Final = (
    "namespaces,nodes,serviceaccounts,deployments,replicasets,statefulsets,daemonsets,"
    "replicationcontrollers,jobs,cronjobs,pods,roles,clusterroles,rolebindings,clusterrolebindings"
)
_AWS_VARIABLES: Final = (
    *("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)
_CLIENTS: Final = (
    *(
        ".mcp.json",
        ".cursor/mcp.json",
        ".vscode/mcp.json",
        ".gemini/settings.json",
        ".windsurf/mcp_config.json",
    ),
    *(".roo/mcp.json", ".kilocode/mcp.json", ".amazonq/mcp.json"),
)
_CLIENTS_AT_HOME: Final = (
    *(".claude.json", ".cursor/mcp.json", ".gemini/settings.json", ".codeium/windsurf/mcp_config.json"),
    *(".copilot/mcp-config.json", ".continue/config.yaml", ".config/Claude/claude_desktop_config.json"),
    "Library/Application Support/Claude/claude_desktop_config.json",
)
_REPORTS: Final = ("*gitleaks*.json", "*trufflehog*.json", "*trufflehog*.jsonl", "*.sarif")
_REPOSITORY: Final = "scope: the address of the repository (no remote origin was seen)"


def kubernetes(here: Surroundings) -> Suggestion | None:
    """See a cluster that kubectl leads to."""
    seen = (*here.at_home(".kube/config"), *here.named("KUBECONFIG", "KUBERNETES_SERVICE_HOST"))
    if not seen:
        return None
    output = "exports/kubernetes.json"
    return Suggestion(
        "kubernetes",
        seen,
        "get and list on these types in the whole cluster.",
        paths=(output,),
        made=(Made(("kubectl", "get", _KUBERNETES, "-A", "-o", "json"), output),),
        complete=True,
        lacks=missing((here.has_program("kubectl"), "kubectl on the path")),
        notes=(
            "It asks the current context. Set `instance` to the cluster's name.",
            "Secrets are left out of the list, as listing them hands over their values (which are",
            "fingerprinted and dropped while the file is read). They are known where they are used.",
        ),
    )


def aws(here: Surroundings) -> Suggestion | None:
    """See an account that the AWS CLI leads to."""
    seen = (*here.at_home(".aws/config", ".aws/credentials"), *here.named(*_AWS_VARIABLES))
    if not seen:
        return None
    output = "exports/aws/account-authorization-details.json"
    command = ("aws", "iam", "get-account-authorization-details", "--output", "json")
    return Suggestion(
        "aws",
        seen,
        "iam:GetAccountAuthorizationDetails, such as SecurityAudit or IAMReadOnlyAccess give.",
        paths=(output,),
        made=(Made(command, output),),
        complete=True,
        lacks=missing((here.has_program("aws"), "aws (the AWS CLI, version 2) on the path")),
        notes=(
            "It asks the account that the CLI is set up for, for users, roles and their rights. The page has",
            "the commands for keys, secrets, functions, images, buckets and models: an export for each.",
        ),
    )


def github(here: Surroundings) -> Suggestion | None:
    """See an organisation that gh leads to."""
    seen = (*here.named("GITHUB_TOKEN", "GH_TOKEN"), *here.at_home(".config/gh/hosts.yml"))
    if not seen:
        return None
    return Suggestion(
        "github",
        seen,
        "a token with repo and read:org; admin:org for what only owners of the organisation may see.",
        paths=("exports/github",),
        made=(Made(("export-github.sh", YOURS, "exports/github")),),
        lacks=(
            f"the organisation: write its name for {YOURS}",
            *missing(
                (here.has_program("gh"), "gh on the path"),
                (here.has_program("export-github.sh"), "export-github.sh (from examples/) on the path"),
            ),
        ),
        notes=("The script writes all lists with sidecars, which say what is whole.",),
    )


def vault(here: Surroundings) -> Suggestion | None:
    """See a server of Vault or OpenBao."""
    seen = tuple(here.named("VAULT_ADDR", "BAO_ADDR"))
    if not seen:
        return None
    program = "bao" if here.has_program("bao") and not here.has_program("vault") else "vault"
    asked = (("secrets", "sys/mounts.json"), ("auth", "sys/auth.json"))
    status = Made((program, "status", "-format=json"), "exports/vault/status.json")
    made = (Made((program, what, "list", "-format=json"), f"exports/vault/{name}") for what, name in asked)
    return Suggestion(
        "vault",
        seen,
        "read and list on sys/mounts, sys/auth, sys/policies/acl and auth/+/role; none on secrets.",
        paths=("exports/vault",),
        made=(status, *made),
        complete=True,
        lacks=(
            "the policies and roles: export them by the script on the page",
            *missing((here.has_program(program), f"{program} on the path")),
        ),
    )


def entra(here: Surroundings) -> Suggestion | None:
    """See a tenant that the Azure CLI leads to."""
    seen = (*here.at_home(".azure/azureProfile.json"), *here.named("AZURE_TENANT_ID"))
    if not seen:
        return None
    return Suggestion(
        "entra",
        seen,
        "Directory.Read.All, Application.Read.All and RoleManagement.Read.Directory.",
        paths=("exports/entra",),
        complete=True,
        lacks=(
            "the lists: take the commands from the page",
            *missing((here.has_program("az"), "az (the Azure CLI) on the path")),
        ),
    )


def mlflow(here: Surroundings) -> Suggestion | None:
    """See a tracking server, or a store in a file."""
    stores = here.files("mlflow.db", "mlruns/mlflow.db")
    seen = (*stores, *here.named("MLFLOW_TRACKING_URI"))
    if not seen:
        return None
    return Suggestion(
        "mlflow",
        seen,
        "an account that may read everything; its credentials stay in the environment.",
        paths=(f"sqlite:///{stores[0]}",) if stores else (f"https://{YOURS}",),
        lacks=missing(
            (
                bool(stores),
                "the server's address in `paths`: it stands in MLFLOW_TRACKING_URI, and was not copied",
            ),
            (here.has_package("mlflow"), "MLflow's client: pip install 'holdfast[mlflow]'"),
        ),
        notes=("Add an mlflow.toml to `paths`: it names the server, and says where an alias runs.",),
    )


def openlineage(here: Surroundings) -> Suggestion | None:
    """See jobs that tell OpenLineage events."""
    seen = (
        *here.files("openlineage.yml"),
        *here.at_home(".openlineage/openlineage.yml"),
        *here.named("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT__TYPE"),
    )
    if not seen:
        return None
    return Suggestion(
        "openlineage",
        seen,
        "a token that may write as this source: `holdfast token add NAME --source openlineage/default`.",
        notes=(
            "Nothing is read here: point the transport at `holdfast serve`, and events come as they happen.",
            "Answers that rest on them say when there were none for longer than the cadence.",
        ),
    )


def leaks(here: Surroundings) -> Suggestion | None:
    """See reports of secret scanners, or a scanner and a repository."""
    reports, repository = here.files(*_REPORTS), origin_of(here)
    suggestion = Suggestion(
        "leaks",
        tuple(reports),
        "to read the repository. A report holds the secrets that were found.",
        paths=tuple(reports),
        scope=repository or f"https://{YOURS}",
        lacks=missing((repository is not None, _REPOSITORY)),
        notes=("Of secrets only a keyed fingerprint is kept.",),
    )
    if reports:
        return replace(suggestion, cadence=None)
    if not (here.has_program("gitleaks") and here.files(".git/HEAD")):
        return None
    output = "exports/gitleaks.json"
    command = ("gitleaks", "git", "--report-format", "json", "--report-path", "-", "--exit-code", "0", ".")
    return replace(
        suggestion,
        seen=("gitleaks", ".git"),
        paths=(output,),
        made=(Made(command, output),),
        complete=True,
    )


def codeowners(here: Surroundings) -> Suggestion | None:
    """See who is asked for reviews."""
    found = here.files("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS")
    if not found:
        return None
    repository = origin_of(here)
    # GitHub takes the first of these places and no other.
    first = min(found, key=(".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS").index)
    return Suggestion(
        "people",
        tuple(found),
        "none beyond reading the file.",
        paths=(first,),
        scope=repository or f"https://{YOURS}",
        complete=True,
        live=True,
        lacks=missing((repository is not None, _REPOSITORY)),
        notes=("Tables of people and owners are better: see the page.",),
    )


def backstage(here: Surroundings) -> Suggestion | None:
    """See descriptors of Backstage's catalog."""
    found = here.files("catalog-info.yaml", "*/catalog-info.yaml")
    if not found:
        return None
    return Suggestion(
        "backstage", tuple(found), "none beyond reading the files.", paths=tuple(found), live=True
    )


def cyclonedx(here: Surroundings) -> Suggestion | None:
    """See bills of materials."""
    found = here.files("*.cdx.json", "bom.json", "target/bom.json", "build/reports/bom.json")
    if not found:
        return None
    note = "A bill says itself when it was made. Give a cadence if your build makes one that often."
    return Suggestion(
        "cyclonedx",
        tuple(found),
        "none beyond reading the files.",
        paths=tuple(found),
        cadence=None,
        notes=(note,),
    )


def dbt(here: Surroundings) -> Suggestion | None:
    """See what dbt has compiled."""
    manifest = here.files("target/manifest.json")
    if not manifest:
        return None
    found = (*manifest, *here.files("target/run_results.json"))
    note = (
        "Give the warehouse as the instance, as the page says: its tables then meet those of other sources."
    )
    return Suggestion(
        "dbt",
        found,
        "none beyond reading the files.",
        paths=found,
        complete=True,
        cadence=None,
        notes=(note,),
    )


def agents(here: Surroundings) -> Suggestion | None:
    """See which servers agents are configured to call."""
    near, at_home = here.files(*_CLIENTS), here.at_home(*_CLIENTS_AT_HOME)
    if not (near or at_home):
        return None
    homes = tuple(str(here.home / name.removeprefix("~/")) for name in at_home)
    return Suggestion(
        "agents",
        (*near, *at_home),
        "none beyond reading the files, which may hold secrets: they are fingerprinted and dropped.",
        paths=(*near, *homes),
        live=True,
    )


DETECTORS: Final[tuple[Detector, ...]] = (
    kubernetes,
    aws,
    github,
    vault,
    entra,
    mlflow,
    openlineage,
    leaks,
    codeowners,
    backstage,
    cyclonedx,
    dbt,
    agents,
)


def detected(here: Surroundings) -> Iterator[Suggestion]:
    """Yield what is seen, in the order of the table; what no installed source reads lacks that."""
    for detect in DETECTORS:
        found = detect(here)
        if found is not None and found.source not in here.sources:
            found = replace(found, lacks=(f"a source {found.source}: none is installed", *found.lacks))
        if found is not None:
            yield found
