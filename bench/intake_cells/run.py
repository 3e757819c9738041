"""Single cells: how many are right, how many silently wrong, and how many are read a CPU second; pandas.to_datetime beside the periods.

`leye bench intake_cells` prints the tables of the README. Tables of answers: the development table of cells (not part of the repository;
`LEYE_SHARED` or ../shared beside the checkout) and tests/unit/intake_cells/answers.tsv.
"""

from __future__ import annotations

import os
import random
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from score import agrees_period, read_table, score  # noqa: E402

from leye.intake import parse  # noqa: E402
from leye.intake.cells.dispatch import KINDS, cell_parser  # noqa: E402
from leye.intake.cells.org_id import uscc_check  # noqa: E402
from leye.intake.cells.person_id import check_character  # noqa: E402
from leye.kernel.codes import current_regions, industries, occupations  # noqa: E402

SHARED = Path(os.environ.get("LEYE_SHARED", ROOT.parent / "shared")) / "data" / "intake" / "cells_dev.tsv"
OWN = ROOT / "tests" / "unit" / "intake_cells" / "answers.tsv"
AGAINST_THE_RULES = {"5千以下/月", "下降0.3个百分点", "(123)", "同比减少1.5万人", "降幅2.2%", "-2.4%"}
DISTINCT = 5_000


def accuracy(name: str, path: Path) -> None:
    if not path.exists():
        print(f"| {name} | not on this machine | | | |")
        return
    rows = read_table(path)
    result = score(rows, parse)
    stated = [r for r in rows if not (path == SHARED and r["raw"] in AGAINST_THE_RULES)]
    by_rule = score(stated, parse)
    print(
        f"| {name} | {result.total} | {result.right} ({result.right / result.total:.1%}) | {result.silent} ({result.silent / result.total:.1%})"
        f" | {by_rule.right} of {by_rule.total}, silently wrong {by_rule.silent} |"
    )
    for row, got in result.differing:
        print(f"  differs: {row['kind']} {row['raw']!r}: {row['answer']} / {got['status']} {got['value']} {got['code']}", file=sys.stderr)


def pandas_periods() -> None:
    """What pandas makes of the same period cells: a bare day, NaT, or an error."""
    import pandas as pd

    if not SHARED.exists():
        return
    rows = [r for r in read_table(SHARED) if r["kind"] == "period" and not r["period"]]
    right = silent = 0
    for row in rows:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            at = pd.to_datetime(row["raw"], errors="coerce")
        verdict = agrees_period(row["answer"], None if pd.isna(at) else at.date())
        right, silent = right + (verdict == "right"), silent + (verdict == "silent")
    print(f"\npandas.to_datetime {pd.__version__} on {len(rows)} period cells without a reference: {right} right, {silent} silently wrong;")
    ours = score(rows, parse)
    print(f"Leye on the same: {ours.right} right, {ours.silent} silently wrong.")


def samples(kind: str, dice: random.Random) -> list[str]:
    """Distinct cells as departments write them."""
    current = current_regions()
    codes = sorted(current)

    def region() -> str:
        code = dice.choice(codes)
        names = [current[c].name for c in (code[:2] + "0000", code[:4] + "00", code) if c in current]
        return dice.choice(["", " ", "-"]).join(dict.fromkeys(names[-dice.randint(1, len(names)) :])) + dice.choice(["", " ", "*"])

    def person() -> str:
        body = f"{dice.choice(codes)}{date.fromordinal(dice.randint(693_596, 737_000)):%Y%m%d}{dice.randint(0, 999):03d}"
        return body + check_character(body)

    def org() -> str:
        body = f"91{dice.randint(110_000, 659_000)}{dice.randint(0, 999_999_999):09d}"
        return body + uscc_check(body)

    def period() -> str:
        stretch = dice.choice([f"{m}月" for m in range(1, 13)] + ["一季度", "1-5月", "上半年", "3月末"])
        return f"{dice.randint(1980, 2030)}年{stretch}{dice.choice(['', ' ', '份'])}"

    makers: dict[str, Callable[[], str]] = {
        "salary": lambda: f"{dice.randint(20, 90) * 100}-{dice.randint(91, 300) * 100}元/{dice.choice(['月', '月·13薪', '月，包吃住'])}",
        "period": period,
        "number": lambda: f"{dice.choice(['', '同比增长', '下降'])}{dice.randint(1, 99999) / 10}{dice.choice(['%', '万人', '个百分点', ''])}",
        "region": region,
        "industry": lambda: dice.choice([i.name for i in industries().values()]) + " " * dice.randint(0, 40),
        "occupation": lambda: dice.choice([o.name for o in occupations().values()]) + " " * dice.randint(0, 3),
        "person_id": person,
        "org_id": org,
    }
    made = dict.fromkeys(makers[kind]() for _ in range(4 * DISTINCT))
    return list(made)[:DISTINCT]


def speed() -> None:
    print("\n| kind | distinct cells | per CPU second |\n|---|---|---|")
    for kind in KINDS:
        cells = samples(kind, random.Random(7))
        read = cell_parser(kind)
        read(cells[0])
        start = time.process_time()
        for cell in cells:
            read(cell)
        spent = time.process_time() - start
        print(f"| {kind} | {len(cells):,} | {len(cells) / spent:,.0f} |")


def main() -> None:
    print("| table | cells | as the table says | silently wrong | without the cells that contradict the rules |\n|---|---|---|---|---|")
    accuracy("development cells", SHARED)
    accuracy("own answers", OWN)
    pandas_periods()
    speed()


if __name__ == "__main__":
    main()
