"""`python -m leye`: the same as the command `leye`."""

from leye.cli import main

main()
