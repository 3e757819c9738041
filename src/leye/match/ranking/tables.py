"""The two tables at the door: ids there and unique, columns of the contract in their types, every other column left outside.

What stands in no column of the contract never gets in; that is how name, sex, birth and the like cannot change a byte.
"""

from __future__ import annotations

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.match.columns import EDUCATION, FORMS, JOBS, PAY_PERIODS, PEOPLE, SHIFTS
from leye.match.ranking.casts import HEAD_ROWS, cast_column, unreadable

_WORDS = {
    "education": (*EDUCATION, "none"), "education_min": (*EDUCATION, "none"), "pay_period": PAY_PERIODS, "form": FORMS, "shift": SHIFTS,
    "forms": FORMS, "shifts": SHIFTS,
}  # fmt: skip
_RANGES = {
    "skill_grade": (0, 5), "skill_grade_min": (0, 5), "digital_level": (0, 3), "digital_required": (0, 3), "record_score": (0, 1),
    "employer_record": (0, 1), "lat": (-90, 90), "lon": (-180, 180), "relevant_years": (0, 90), "total_years": (0, 90), "relevant_years_min": (0, 90),
    "total_years_min": (0, 90), "commute_max_km": (0, 40_000), "pay_min_fen": (0, 10**14), "pay_max_fen": (0, 10**14),
}  # fmt: skip
_ALIGNED = {"people": (("skills", "skill_levels"), ("certificates", "certificate_until")), "jobs": (("skills_required", "skill_level_min"),)}
_CODES = ("target_codes", "current_code", "occupation_code", "accept_codes")


def read_people(table: pl.DataFrame, file: str = "people") -> pl.DataFrame:
    """PEOPLE in the types of the contract, absent columns unknown. Raises BadInput: E_RANK_ID, E_RANK_VALUE, E_RANK_ALIGNED."""
    return _read(table, PEOPLE, "person_id", "people", file)


def read_jobs(table: pl.DataFrame, file: str = "jobs") -> pl.DataFrame:
    """JOBS in the types of the contract, absent columns unknown. Raises BadInput: E_RANK_ID, E_RANK_VALUE, E_RANK_ALIGNED."""
    return _read(table, JOBS, "job_id", "jobs", file)


def _read(table: pl.DataFrame, columns: dict[str, pl.DataType], key: str, side: str, file: str) -> pl.DataFrame:
    if key not in table.columns:
        raise BadInput(
            f"没有 {key} 列", en=f"no column {key}", places=(Place(file, column=key),), code="E_RANK_ID",
            remedy_zh=f"每行一个不重复的 {key}", remedy_en=f"one {key} a row, none twice",
        )  # fmt: skip
    known = table.with_columns(_numbers_of_lists(table, columns))
    typed = {c: cast_column(known[c], t, file) if c in table.columns else pl.Series(c, [None] * len(table), dtype=t) for c, t in columns.items()}
    _check_ids(typed[key], file)
    for name, words in _WORDS.items():
        if name in typed:
            _check_words(typed[name], words, file)
    for name, (low, high) in _RANGES.items():
        if name in typed:
            _check_rows(typed[name], ~typed[name].is_between(low, high), file, f"{low}–{high}")
    for names, beside in _ALIGNED[side]:
        _check_aligned(typed[names], typed[beside], file)
    return pl.DataFrame([_codes(s, file) if s.name in _CODES else s for s in typed.values()])


def _numbers_of_lists(table: pl.DataFrame, columns: dict[str, pl.DataType]) -> list[pl.Expr]:
    """CSV read with guessed types turns a column of one-element lists into a number or a date: back to text."""
    lists = [c for c, t in columns.items() if isinstance(t, pl.List) and c in table.columns]
    return [pl.col(c).cast(pl.String) for c in lists if not isinstance(table[c].dtype, pl.List) and table[c].dtype != pl.Null]


def _check_ids(ids: pl.Series, file: str) -> None:
    empty = ids.is_null().arg_true().to_list()
    twice = ids.is_duplicated().arg_true().to_list()
    for rows, zh, en in ((empty, "没有编号", "has no id"), (twice, "编号重复", "stands twice")):
        if rows:
            shown = ids[rows[0]] or ""
            raise BadInput(
                f"{ids.name} {shown} {zh}".replace("  ", " "), en=f"{ids.name} {shown} {en}", code="E_RANK_ID",
                places=tuple(Place(file, row=r + HEAD_ROWS, column=ids.name) for r in rows[:10]),
                remedy_zh="每行一个编号，同一编号只留一行（留最新的）", remedy_en="one id a row; of equal ids keep the newest row",
            )  # fmt: skip


def _check_words(values: pl.Series, words: tuple[str, ...], file: str) -> None:
    if isinstance(values.dtype, pl.List):
        outside = values.list.set_difference(pl.Series([list(words)], dtype=values.dtype)).list.len() > 0
    else:
        outside = ~values.is_in(list(words))
    _check_rows(values, outside, file, " | ".join(words))


def _check_rows(values: pl.Series, wrong: pl.Series, file: str, wanted: str) -> None:
    rows = wrong.fill_null(False).arg_true().to_list()
    if rows:
        found = values[rows[0]]
        raise unreadable(file, values.name, rows, "|".join(found.to_list()) if isinstance(found, pl.Series) else found, wanted)


def _check_aligned(names: pl.Series, beside: pl.Series, file: str) -> None:
    """Both lists filled: equal lengths. One of them empty: nothing is known beside it, which is no mistake."""
    wrong = (names.list.len() != beside.list.len()) & (beside.list.len() > 0) & (names.list.len() > 0)
    rows = wrong.fill_null(False).arg_true().to_list()
    if rows:
        raise BadInput(
            f"{beside.name} 和 {names.name} 的个数不一样", en=f"{beside.name} and {names.name} differ in length", code="E_RANK_ALIGNED",
            places=tuple(Place(file, row=r + HEAD_ROWS, column=beside.name) for r in rows[:10]),
            remedy_zh="两列逐个对应，不知道的一项留空", remedy_en="one entry for each, empty where unknown",
        )  # fmt: skip


def _codes(values: pl.Series, file: str) -> pl.Series:
    """Occupation codes to seven digits: hyphens and the marks S and L go, upper levels are filled up with zeros."""
    if isinstance(values.dtype, pl.List):
        wrong = values.to_frame().select(pl.col(values.name).list.eval(~_is_code(pl.element())).list.any()).to_series()
        made = values.to_frame().select(pl.col(values.name).list.eval(_seven(pl.element()))).to_series()
    else:
        wrong = values.to_frame().select(~_is_code(pl.col(values.name))).to_series()
        made = values.to_frame().select(_seven(pl.col(values.name))).to_series()
    _check_rows(values, wrong, file, "2060103 | 2-06-01-03")
    return made


def _is_code(text: pl.Expr) -> pl.Expr:
    """One to seven digits, hyphens between them and marks after them; a title such as 会计 is none."""
    return text.str.normalize("NFKC").str.contains(r"^\s*[0-9](?:-?[0-9]){0,6}\s*[SLsl/]*\s*$")


def _seven(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKC").str.replace_all(r"[^0-9]", "").str.pad_end(7, "0")
