"""Exports of the estate at one date as files for other tools, each with what it is an export of."""
