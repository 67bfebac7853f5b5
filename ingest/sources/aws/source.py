"""The AWS plug-in: what the AWS CLI prints as JSON in, claims by account and kind of list out.

Each file is recognised by its shape. Files of authorization details are kept until all have been
read, as an account may come in pages; every other list stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Problem
from ingest.documents import Document, documents
from ingest.record import ReadContext, Record, Rejected
from ingest.sources.aws.iam import details_records, is_details

_UNKNOWN: Final = "nothing that is recognised"
_EXPECTED: Final = "what one of the commands in docs/sources/aws.md prints"


@dataclass(frozen=True, slots=True)
class AwsSource:
    """Reads what the AWS CLI prints."""

    @property
    def name(self) -> str:
        """Return the plug-in's name."""
        return "aws"

    @property
    def summary(self) -> str:
        """Return in one line what it reads."""
        return "AWS accounts as the AWS CLI 2 prints them in JSON: IAM with policies evaluated"

    @property
    def maps(self) -> Sequence[str]:
        """Return what it maps, one line each."""
        return ()

    @property
    def does_not_map(self) -> Sequence[str]:
        """Return what it knowingly leaves out, one line each."""
        return ()

    def read(self, paths: Sequence[Path], context: ReadContext) -> Iterator[Record]:
        """Yield what these files say."""
        details: list[Document] = []
        for found in documents(paths, context):
            if not isinstance(found, Document):
                yield found
            elif isinstance(found.body, dict) and is_details(found.body):
                details.append(found)
            else:
                yield Rejected(Problem(found.file.name, "", "", _UNKNOWN, _EXPECTED))
        yield from details_records(details, context)


SOURCE: Final = AwsSource()
