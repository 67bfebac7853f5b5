"""Broken input of the source of people, teams and owners."""
