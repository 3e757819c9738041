"""`leye up`."""

from __future__ import annotations


def up() -> None:
    """To be written."""
