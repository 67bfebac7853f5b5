"""Jobs that read a source, shape it into typed records and commit them; imports graph only."""
