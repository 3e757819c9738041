"""The three departments that send registers of persons: samples with names and identity numbers, a few of them mistyped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leye.city.departments_files import write_csv, write_xlsx
from leye.city.departments_sheet import Cell, Fault, Line, Table
from leye.kernel.codes import region_code, region_name

if TYPE_CHECKING:
    from leye.city.store import City

MOST_ROWS = {"education": 9_000, "veterans": 4_000, "civil_affairs": 6_000}
"""Registers are samples: together fewer than 20 000 rows, so that reading them stays a matter of seconds."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: ISO 7064 MOD 11-2
_CHECK = "10X98765432"


def _is_sound(number: str) -> bool:
    """Whether an identity number's check digit is right."""
    return len(number) == 18 and number[:17].isdigit() and _CHECK[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11] == number[17]


def _wrong_digit(number: str) -> str:
    return number[:17] + _CHECK[(_CHECK.index(number[17]) + 1) % 11]


_SPOILT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("mistyped", "E_ID_CHECKSUM", _wrong_digit),
    ("too_short", "E_ID_LENGTH", lambda n: n[:17]),
    ("no_such_day", "E_ID_DATE", lambda n: n[:10] + "1332" + n[14:]),
    ("masked", "E_ID_MASKED", lambda n: n[:10] + "****" + n[14:]),
    ("excel", "E_ID_EXCEL", lambda n: f"{n[0]}.{n[1:6]}E+17"),
)


def _register(city: City, who: pl.Expr, name: str, rng: np.random.Generator) -> pl.DataFrame:
    """Sound, distinct persons of a kind in random order, at most so many."""
    people = city.tables.get("people")
    if people is None:
        return pl.DataFrame(schema=dict.fromkeys(("name", "id_number", "sex", "region", "phone"), pl.String))
    known = people.filter(who.fill_null(False) & pl.all_horizontal(pl.col("name", "id_number", "region").is_not_null()))
    sound = known.filter(pl.Series([_is_sound(n) for n in known["id_number"].to_list()], dtype=pl.Boolean)).unique(
        "id_number", keep="none", maintain_order=True
    )
    order = rng.permutation(sound.height)[: MOST_ROWS[name]]
    sample: pl.DataFrame = sound[np.sort(order).tolist()]
    return sample.select("name", "id_number", "sex", "region", "phone")


def _lines(people: pl.DataFrame, rng: np.random.Generator) -> list[Line]:
    """Name, identity number, sex, district, telephone; five numbers are spoilt where the register is long enough."""
    lines = []
    for name, number, sex, region, phone in people.iter_rows():
        district = region_name(region_code(region) or region) if region.startswith("CN") else region_name(region)
        lines.append(Line([name, number, {"M": "男", "F": "女"}.get(sex or "", ""), district, phone or ""]))
    for i, (kind, code, write) in zip(rng.permutation(len(lines))[: len(_SPOILT)], _SPOILT, strict=False):
        lines[i].cells[1] = write(str(lines[i].cells[1]))
        lines[i].faults.append(Fault("id_number", kind, code))
    return lines


_HEADER = ["姓名", "身份证号", "性别", "区县", "联系电话"]


def write_graduates(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """教育: graduates, GB18030 CSV."""
    lines = _lines(_register(city, pl.col("graduate"), "education", rng), rng)
    table = Table("高校毕业生名册.csv", [_HEADER], lines, titles=("示例市户籍及在示例市求职高校毕业生名册（抽样）",))
    write_csv(folder / table.file, table, encoding="gb18030")
    return [table]


def write_veterans(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """退役军人事务: a workbook, identity numbers stored as text."""
    lines = _lines(_register(city, pl.col("veteran"), "veterans", rng), rng)
    table = Table("退役军人名册.xlsx", [_HEADER], lines, "名册", ("退役军人名册（抽样）", "内部资料 注意保存"), ("制表：移交安置科",))
    write_xlsx(folder / table.file, [table])
    return [table]


def write_allowances(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """民政: persons on minimum living allowance, UTF-8 CSV; a running number in front."""
    lines = _lines(_register(city, pl.col("dibao"), "civil_affairs", rng), rng)
    numbered: list[Cell]
    for n, line in enumerate(lines, 1):
        numbered = [n, *line.cells]
        line.cells = numbered
    table = Table("低保对象名册.csv", [["序号", *_HEADER]], lines)
    write_csv(folder / table.file, table, encoding="utf-8")
    return [table]


PEOPLE_WRITERS = {"education": write_graduates, "veterans": write_veterans, "civil_affairs": write_allowances}
"""Department to what writes its register."""
