"""Tests of the outside: settings, command line, server."""
