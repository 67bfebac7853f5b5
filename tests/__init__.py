"""Tests: they mirror the packages; this file keeps tests/graph from passing for graph."""
