"""The MLflow plug-in: what a tracking server answers, asked now or saved before, in; claims by list out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.record import ReadContext, Record
from ingest.sidecar import InputFile, inputs
from ingest.sources.mlflow.answers import read_answers
from ingest.sources.mlflow.asked import SCHEMES, read_address
from ingest.sources.mlflow.settings import ENDING, Settings, read_settings

_SUFFIXES: Final = (".json", ENDING)


@dataclass(frozen=True, slots=True)
class MlflowSource:
    """Reads tracking servers of MLflow, and files with their answers."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "mlflow"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "MLflow 3.17 tracking servers, sqlite:/// stores, and saved answers of the REST API (JSON)"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return (
            "experiments: Asset of type scope; runs: Asset of type run; WITHIN, READS, PRODUCES, PART_OF",
            "logged models, versions: Asset of type model_version; TRAINED_ON, EVALUATED_ON, DERIVED_FROM",
            "registered models: Asset of type model; VERSION_OF; DEPLOYED_AS by aliases and stages",
            "datasets: Dataset by name and digest, with the address that they were read from",
            "prompts and their versions: Asset of type prompt and prompt_version; PROMPTED_BY",
            "gateway: secrets, models, endpoints, scorers, guardrails; USES_SECRET, SERVES, INVOKES",
            "MCP servers, their versions, tools and endpoints; VERSION_OF, PART_OF, SERVES",
            "e-mail addresses of those who made things: OWNS as contact",
        )

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return (
            "parameters, metrics and tags but for those that name datasets, prompts, repositories and runs",
            "user names that are no e-mail addresses: counted, never kept",
            "the texts of prompts, of which only a digest is kept; traces, scorers, assessments",
        )

    @property
    def schemes(self) -> Sequence[str]:
        """Return the schemes of the addresses that it takes."""
        return SCHEMES

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what servers say. Memory grows with the number of datasets and models, not of runs."""
        files: list[InputFile] = []
        settings: list[Settings] = []
        for found in inputs(paths, _SUFFIXES):
            if not isinstance(found, InputFile):
                yield found
            elif found.path.name.endswith(ENDING):
                read = read_settings(found)
                if isinstance(read, Settings):
                    settings.append(read)
                else:
                    yield read
            else:
                files.append(found)
        said = together(settings)
        yield from read_answers(files, said, context)
        for address in context.addresses:
            yield from read_address(address, said, context)


def together(settings: Sequence[Settings]) -> Settings:
    """Return what several files say as one; of two that say of one alias, the later."""
    whole = Settings()
    for one in settings:
        whole = Settings(
            one.server or whole.server,
            {**whole.aliases, **one.aliases},
            {**whole.of_models, **one.of_models},
        )
    return whole


SOURCE: Final = MlflowSource()
