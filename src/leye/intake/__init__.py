"""Intake 数据入库: messy files to typed rows with nothing lost, and the parsers of single cells."""

from leye.intake.cells.dispatch import parse
from leye.intake.cells.outcome import Ambiguous, Bad, Missing, Ok
from leye.intake.loading import load
from leye.intake.panel_form import PanelForm, load_panel, read_panel
from leye.intake.report import LoadReport
from leye.intake.tracing import CellOrigin, why

__all__ = [
    "Ambiguous",
    "Bad",
    "CellOrigin",
    "LoadReport",
    "Missing",
    "Ok",
    "PanelForm",
    "load",
    "load_panel",
    "parse",
    "read_panel",
    "why",
]
