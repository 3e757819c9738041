"""What an analyst asks for: programmes as text, budgets by fund, floors, the seed of the draw; read from a form or from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from leye.office.programmes import refusals
from leye.packs import open_pack

FUNDS = ("employment_fund", "ui_fund")
"""Funds that a form asks for; an API call may name any."""
FLOORS = ("disabled", "women", "hard_to_employ", "older", "youth")
"""Groups that a form offers a floor for; others go into the text."""
MOST_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """budgets: fund -> fen · floors: group -> share as written (0.08, 8%, eligible)."""

    text: str
    budgets: Mapping[str, int]
    floors: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON form, as a plan and a job keep it."""
        return {"text": self.text, "budgets": dict(self.budgets), "floors": dict(self.floors), "seed": self.seed, "name": self.name}


def example() -> str:
    """The text to start from."""
    return open_pack("programmes/example.yaml").read_text(encoding="utf-8")


def of_form(form: Mapping[str, str]) -> Asked:
    """Budgets in yuan, floors in per cent or `eligible`. Raises BadInput (E_BUDGET, E_NO_BUDGET, E_PLAN_LONG)."""
    budgets = {f: fen_of(form[f"budget.{f}"]) for f in FUNDS if form.get(f"budget.{f}", "").strip()}
    floors = {}
    for group in FLOORS:
        typed = form.get(f"floor.{group}", "").strip().rstrip("%％")
        if form.get(f"own.{group}"):
            floors[group] = "eligible"
        elif typed:
            floors[group] = f"{typed}%"
    return checked(Asked(form.get("text", ""), budgets, floors, _seed(form.get("seed", "")), form.get("name", "").strip()))


def _seed(text: str) -> int:
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 1


def of_dict(body: Mapping[str, Any]) -> Asked:
    """The JSON form read back."""
    return Asked(body["text"], body["budgets"], body.get("floors", {}), int(body.get("seed", 1)), str(body.get("name", "")))


def checked(asked: Asked) -> Asked:
    """Raises BadInput on what no computation could begin with."""
    if len(asked.text) > MOST_CHARACTERS:
        raise refusals.too_long(MOST_CHARACTERS)
    if not asked.budgets:
        raise refusals.no_budget()
    return Asked(asked.text.replace("\r\n", "\n"), asked.budgets, asked.floors, asked.seed, asked.name[:120])


def fen_of(text: str) -> int:
    """Yuan as typed -> fen. Raises BadInput (E_BUDGET)."""
    try:
        fen = Decimal(text.replace(",", "").replace("，", "").strip()) * 100
        if fen == fen.to_integral_value() and 0 <= fen < 10**15:
            return int(fen)
    except InvalidOperation:
        pass
    raise refusals.bad_amount(text)
