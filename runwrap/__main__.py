"""`python -m runwrap`."""

from runwrap.main import main

main()
