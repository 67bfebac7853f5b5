"""GraphQL, REST, command line and page on top of graph, ingest and queries."""
