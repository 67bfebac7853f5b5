"""Tests of the page in a real browser, skipped out loud where there is none."""
