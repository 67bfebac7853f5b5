"""Answers as plain JSON values in snake_case: what `--json` prints, one module a subject."""
