"""Now, for the office: the machine's, or the instant of `LEYE_NOW`. Domain rooms get it handed in from here."""

from __future__ import annotations

from datetime import datetime

from leye.kernel.clock import clock_from_environment


def now() -> datetime:
    """This instant, with a zone."""
    return clock_from_environment()()
