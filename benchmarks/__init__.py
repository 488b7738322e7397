"""How much runwrap costs beside the tools that people use in its place; `make bench` runs it."""
