"""The command line: the option table, its parsers, the messages."""
