"""The command line: one module for each group of commands, heavy imports only where they are used."""
