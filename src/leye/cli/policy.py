"""`leye policy …`: rule packs, marks, explanations, reforms. Each verb has its own module `policy_<verb>.py` with a function of that name."""

from __future__ import annotations

import importlib

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

VERBS: tuple[str, ...] = ("mark", "simulate", "explain", "sql", "facts", "lint", "test", "notice", "rollout", "conflicts", "optimise", "dynamic")
"""In the order in which help lists them."""


@app.callback()
def _group() -> None:
    """政策：谁能享受、多少、为什么、还缺什么。Policy: who is entitled to what, how much, why, what is missing."""


for _verb in VERBS:
    app.command(_verb)(getattr(importlib.import_module(f"leye.cli.policy_{_verb}"), _verb))
