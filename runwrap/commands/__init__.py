"""The subcommands: each turns a request into how runwrap exits."""
