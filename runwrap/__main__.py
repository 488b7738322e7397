"""`python -m runwrap`."""

from runwrap import start

start()
