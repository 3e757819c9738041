"""`leye demo`."""

from __future__ import annotations


def demo() -> None:
    """To be written."""
