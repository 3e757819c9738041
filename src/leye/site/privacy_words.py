"""Words about reads of personal data: purposes, bases, and the names of columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from leye.packs import open_pack
from leye.site.words import day_text, is_english, pick
from leye.trust.privacy.purposes import purposes

MOST_NAMED = 6
"""Columns named in a cell; the rest is counted. The table's CSV has all."""

MORE_COLUMNS = {
    "household_id": "户编号",
    "grid_id": "网格",
    "name": "姓名",
    "phone": "电话",
    "address": "住址",
    "id_number": "身份证号",
    "occupation": "职业",
    "industry": "行业",
    "firm_id": "单位编号",
    "worker_id": "平台劳动者编号",
    "unemployment_risk": "失业风险画像",
}
"""Columns of a person's row that are no facts of the sheet."""


def read_purpose(code: str) -> str:
    """A purpose in words; an unknown code as it stands."""
    found = purposes().get(code)
    return pick(found.zh, found.en) if found else code


def read_basis(code: str) -> str:
    """Its legal basis, and whether a lawyer has checked it."""
    found = purposes().get(code)
    if found is None:
        return ""
    basis = pick(found.basis_zh, found.basis_en)
    return basis if found.mark == "read" else _("%(basis)s（待核对原文）") % {"basis": basis}


def read_columns(names: Sequence[str]) -> str:
    """住址、电话等 12 项."""
    shown = (", " if is_english() else "、").join(column_word(n) for n in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else _("%(shown)s 等 %(n)s 项") % {"shown": shown, "n": len(names)}


def column_word(name: str) -> str:
    """Name of a column: Chinese from the fact sheet, English as it is written in tables."""
    return name.replace("_", " ") if is_english() else _facts().get(name, name)


@cache
def _facts() -> dict[str, str]:
    with open_pack("cn/facts.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row["zh"] for row in csv.DictReader(stream)} | MORE_COLUMNS


def request_kind(code: str) -> str:
    """更正, 删除."""
    return {"correct": _("更正"), "erase": _("删除")}.get(code, code)


def request_state(code: str) -> str:
    """待办, 已办, 不予办理."""
    return {"open": _("待办"), "done": _("已办"), "refused": _("不予办理")}.get(code, code)


def own_value(name: str, value: Any) -> str:
    """A fact of one's own file in words; of the identity number only its last four characters, because screens are looked at by others too."""
    if name == "id_number":
        return f"**************{str(value)[-4:]}"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return day_text(value)
    if name.endswith("_fen") and isinstance(value, int):
        return f"¥{value / 100:,.2f}"
    return str(value)
