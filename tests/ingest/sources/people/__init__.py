"""Tests of the source of people, teams and owners."""
