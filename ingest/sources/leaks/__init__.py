"""Leaks: secrets that a scanner found where they should not be.

The order of reading this package: ``matched`` says what is kept of a matched text, ``finding``
what a finding is, ``gitleaks``, ``trufflehog`` and ``sarif`` read reports, ``facts`` turns
findings into claims, ``reports`` tells the formats apart, ``source`` is the plug-in.
"""

from ingest.sources.leaks.source import SOURCE, LeaksSource

__all__ = ["SOURCE", "LeaksSource"]
