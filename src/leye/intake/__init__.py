"""Intake 数据入库: messy files to typed rows with nothing lost, and the parsers of single cells."""

from leye.intake.cells.dispatch import parse
from leye.intake.cells.outcome import Ambiguous, Bad, Missing, Ok

__all__ = ["Ambiguous", "Bad", "Missing", "Ok", "parse"]
