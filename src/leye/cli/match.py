"""`leye match`: occupations, parsers, ranking, allocation."""

from __future__ import annotations

import typer

from leye.cli.match_moves import moves
from leye.cli.match_radar import radar

app = typer.Typer(help="匹配：职业编码、岗位和简历解析、排序、分配 / occupations, parsers, ranking, allocation", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """匹配：职业编码、岗位和简历解析、排序、分配。Occupations, parsers, ranking, allocation."""


app.command("moves")(moves)
app.command("radar")(radar)
