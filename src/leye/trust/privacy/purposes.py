"""Why a person's file may be read: each purpose with its legal basis, the roles that may use it and the columns it needs, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from leye.kernel.errors import BadInput, NotAllowed
from leye.packs import open_pack

PACK = "privacy/purposes.yaml"
OWN_DATA = "own_data"
"""The purpose of seeing one's own file; its columns are all columns of a person."""

SOURCES = ("file", "evidence")
"""What a purpose reads: the person's row of the city's table, or the encrypted inputs of a decision (whose names its card declares)."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. columns: in the order of the pack; empty where it reads evidence · is_bound: only people of the reader's own district."""

    code: str
    zh: str
    en: str
    basis_zh: str
    basis_en: str
    mark: str
    source: str
    roles: frozenset[str]
    is_bound: bool
    columns: tuple[str, ...]

    def admit(self, role: str) -> None:
        """Raises NotAllowed (E_PURPOSE_ROLE) for a role that may not use it."""
        if role not in self.roles:
            raise NotAllowed(
                f"您的岗位不能以“{self.zh}”为由看个人资料",
                en=f"your role may not read personal files for {self.code}",
                remedy_zh="请对应岗位的同事来办",
                remedy_en="ask a colleague in charge",
                code="E_PURPOSE_ROLE",
            )

    def cut(self, asked: tuple[str, ...] | None) -> tuple[str, ...]:
        """The columns to read: all of the purpose, or those asked for. Raises NotAllowed (E_PURPOSE_COLUMN) on one that it does not need."""
        if asked is None:
            return self.columns
        beyond = [name for name in asked if name not in self.columns]
        if beyond or not asked:
            names = "、".join(beyond[:10]) or "（空）"
            raise NotAllowed(
                f"以“{self.zh}”为由不能看这些列：{names}",
                en=f"purpose {self.code} does not cover: {', '.join(beyond[:10]) or 'nothing'}",
                remedy_zh="只看这个用途需要的列，或换一个合适的用途",
                remedy_en="read only what the purpose needs, or name another purpose",
                code="E_PURPOSE_COLUMN",
            )
        return asked


def purpose_called(code: str) -> Purpose:
    """The purpose of a code. Raises BadInput (E_PURPOSE)."""
    found = purposes().get(code)
    if found is None:
        raise BadInput(
            f"没有登记用途“{code}”",
            en=f"no purpose {code!r} is declared",
            remedy_zh="从用途表里选一个；新用途要先写进用途表",
            remedy_en="take one of the declared purposes; a new one is declared first",
            code="E_PURPOSE",
        )
    return found


@cache
def purposes() -> Mapping[str, Purpose]:
    """All shipped purposes by code."""
    return read_purposes(open_pack(PACK))


def read_purposes(file: Path) -> dict[str, Purpose]:
    """The purposes of a pack file. Raises BadInput (E_PACK) on what is missing or unknown."""
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        groups: dict[str, list[str]] = said["columns"]
        found = [_purpose(row, groups) for row in said["purposes"]]
    except (KeyError, TypeError) as error:
        raise _bad(file, str(error)) from error
    if len({p.code for p in found}) < len(found):
        raise _bad(file, "同一个代码写了两次")
    return {p.code: p for p in found}


def _purpose(row: dict[str, Any], groups: dict[str, list[str]]) -> Purpose:
    known = {name for names in groups.values() for name in names}
    columns = [name for part in row["columns"] for name in groups.get(part, [part])]
    if row["from"] not in SOURCES or row["district"] not in {"own", "any"} or (unknown := set(columns) - known) or not row["roles"]:
        raise KeyError(f"{row['code']}: from, district, roles or columns {sorted(unknown) if row['from'] in SOURCES else ''}")
    return Purpose(
        row["code"], row["zh"], row["en"], row["basis_zh"], row["basis_en"], row["mark"], row["from"],
        frozenset(row["roles"]), row["district"] == "own", tuple(dict.fromkeys(columns)),
    )  # fmt: skip


def _bad(file: Path, what: str) -> BadInput:
    return BadInput(f"用途表 {file.name} 写得不对：{what}", en=f"{file.name}: {what}", remedy_zh="对照文件开头的说明改正", code="E_PACK")
