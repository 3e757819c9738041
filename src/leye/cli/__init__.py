"""The same verbs in a terminal. Modules here import only typer and the standard library at their top, so that `leye --help` stays quick."""

from __future__ import annotations


def main() -> None:
    """Entry point of the command `leye`."""
    from leye.cli.app import run

    run()
