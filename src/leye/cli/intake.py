"""`leye intake …`."""

from __future__ import annotations

import typer

from leye.cli.intake_load import load, why
from leye.cli.intake_parse import parse

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """数据入库：解析、装载、追溯。Messy files in: parse cells, load files, trace values."""


app.command("parse")(parse)
app.command("load")(load)
app.command("why")(why)
