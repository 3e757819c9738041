"""`leye impact`: exposure of occupations, the city's index, review of projects."""

from __future__ import annotations

import typer

from leye.cli.impact_build import build_exposure
from leye.cli.impact_exposure import exposure
from leye.cli.impact_index import index
from leye.cli.impact_review import review

app = typer.Typer(help="AI 影响：职业受影响程度、指数、项目评估 / exposure, index, review of projects", no_args_is_help=True)
app.command("exposure")(exposure)
app.command("build-exposure")(build_exposure)
app.command("index")(index)
app.command("review")(review)


@app.callback()
def _group() -> None:
    """AI 影响：职业受影响程度、指数、项目评估。Exposure, index, review of projects."""
