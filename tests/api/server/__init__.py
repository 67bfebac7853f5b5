"""Tests of the server, most of them over a real socket."""
