"""`leye trust …`: the register, the log, receipts and audits."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """算法备案、决定留痕、回执、公平审计。The register, the log, receipts and audits."""
