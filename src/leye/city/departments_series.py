"""The nine departments that report figures: each in its own style, with a few errors of the kind that such files have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from leye.city.departments_files import write_csv, write_json, write_xlsx
from leye.city.departments_leaves import MONTH_STYLES, Leaf, leaves_of
from leye.city.departments_plants import Plant, choose, spoil, total_lines
from leye.city.departments_sheet import Cell, Fault, Line, Table

if TYPE_CHECKING:
    from leye.city.store import City

Writer = Callable[["City", Path, np.random.Generator], list[Table]]
"""Writes a department's files into its folder and returns the tables for the truth."""


def _wan(y: float) -> float:
    """In ten thousands, exact to the unit."""
    return round(y / 10_000, 4)


def _by_year(leaves: list[Leaf], lines: list[Line]) -> dict[int, list[Line]]:
    years: dict[int, list[Line]] = {}
    for leaf, line in zip(leaves, lines, strict=True):
        years.setdefault(leaf.ds.year, []).append(line)
    return dict(sorted(years.items()))


def write_insured(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """人社·参保: a workbook with a sheet a year, two header rows, merged regions and industries, in 万人, total rows."""
    leaves, month = leaves_of(city, "insured"), MONTH_STYLES["zh"]
    lines = [Line([x.region_zh, x.industry_zh, month(x.ds), _wan(x.y), _wan(round(x.y * 0.44))]) for x in leaves]
    plants = [Plant("own_unit", "E_UNIT_CONFLICT", lambda v: f"{v}万")]
    lost = spoil(lines, choose(leaves, 1, rng), plants, value=3, field="insured")
    write: Callable[[Leaf, float], list[Cell]] = lambda x, y: ["合  计", "", month(x.ds), _wan(y), None]  # noqa: E731
    totals = total_lines(leaves, lost, write=write, field="insured", off_in=20, off_by=100.0)
    months = sorted({x.ds for x in leaves})
    tables = []
    for year, of_year in _by_year(leaves, lines).items():
        sums = [t for m, t in zip(months, totals, strict=True) if m.year == year]
        tables.append(
            Table(
                "参保情况.xlsx", [["区县", "行业门类", "月份", "参保人数", ""], ["", "", "", "合计（万人）", "其中：女性（万人）"]], of_year + sums,
                f"{year}年", (f"示例市{year}年城镇职工基本养老保险参保情况", "单位：万人"), ("注：1. 按参保地统计。", "制表：社会保险科"), (0, 1),
            )
        )  # fmt: skip
    write_xlsx(folder / "参保情况.xlsx", tables, cover="本工作簿按年分表，单位万人，四位小数。")
    return tables


def write_registered(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """人社·登记失业: GB18030 CSV, months in Chinese numerals, regions and groups written once, thousands separated."""
    leaves, month = leaves_of(city, "registered"), MONTH_STYLES["chinese"]
    lines = [Line([x.region_zh, x.group_zh, month(x.ds), f"{x.y:,.0f}"]) for x in leaves]
    plants = [Plant("dash", "E_REQUIRED", lambda v: "—"), Plant("text", "E_NUMBER_APPROX", lambda v: "若干")]
    spoil(lines, choose(leaves, 2, rng), plants, value=3, field="registered")
    table = Table(
        "登记失业人员月报.csv", [["区县", "人员类别", "统计月份", "期末登记失业人数（人）"]], lines,
        titles=("示例市城镇登记失业人员月报", "单位：人"), footer=("注：期末数。", "资料来源：就业失业登记系统"), merged=(0, 1),
    )  # fmt: skip
    write_csv(folder / table.file, table, encoding="gb18030")
    return [table]


def write_claims(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """失业金: a workbook with two header rows and one broken formula."""
    leaves, month = leaves_of(city, "claims"), MONTH_STYLES["dotted"]
    lines = [Line([x.region_zh, month(x.ds), int(x.y), round(x.y * 1_935 / 10_000, 2)]) for x in leaves]
    spoil(lines, choose(leaves, 1, rng), [Plant("formula_error", "E_EXCEL_ERROR", lambda v: "#DIV/0!")], value=2, field="claims")
    table = Table(
        "失业保险金发放表.xlsx", [["区县", "期间", "失业保险金", ""], ["", "", "领取人数（人）", "发放金额（万元）"]], lines, "发放表",
        ("示例市失业保险金发放情况", "单位：人、万元", "数据为月末时点"), ("制表：失业保险科",), (0,),
    )  # fmt: skip
    write_xlsx(folder / table.file, [table])
    return [table]


def write_leaving(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """参保减员: UTF-16 text with tabs, as old programs export it, totals that do not add up in one month."""
    leaves, month = leaves_of(city, "leaving"), MONTH_STYLES["compact"]
    lines = [Line([x.industry_zh, month(x.ds), str(int(x.y))]) for x in leaves]
    lost = spoil(
        lines, choose(leaves, 1, rng), [Plant("grouping", "E_NUMBER_GROUPING", lambda v: f"1,{v}"[:4].ljust(4, "0"))], value=2, field="leaving"
    )
    write: Callable[[Leaf, float], list[Cell]] = lambda x, y: ["合计", month(x.ds), str(int(y))]  # noqa: E731
    lines += total_lines(leaves, lost, write=write, field="leaving", off_in=30, off_by=9.0)
    table = Table("参保减员明细.txt", [["行业", "月份", "减员人数"]], lines, titles=("参保减员情况（分行业）",))
    write_csv(folder / table.file, table, encoding="utf-16", delimiter="\t")
    return [table]


def write_jobs(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """公共招聘: one CSV a year with a byte order mark, a repeated row, a key with two contents, a word for a figure, and a later correction."""
    leaves, month = leaves_of(city, "postings"), MONTH_STYLES["iso"]
    lines = [Line([month(x.ds), x.region_zh, x.industry, x.industry_zh, int(x.y)]) for x in leaves]
    at = choose(leaves, 4, rng)
    spoil(lines, at[:1], [Plant("word", "E_NUMBER_SYNTAX", lambda v: "面议")], value=4, field="posts")
    years = _by_year(leaves, lines)
    if len(at) > 1:
        years[leaves[at[1]].ds.year].append(Line(list(lines[at[1]].cells), [Fault("posts", "repeated_row", None)]))
    if len(at) > 2:
        lines[at[2]].faults.append(Fault("month", "key_twice", "E_DUP_KEY"))
        other = [*lines[at[2]].cells[:4], int(leaves[at[2]].y) + 7]
        years[leaves[at[2]].ds.year].append(Line(other, [Fault("month", "key_twice", "E_DUP_KEY")]))
    header = [["发布月份", "区县", "行业代码", "行业", "招聘人数（个）"]]
    tables = [Table(f"招聘岗位_{year}.csv", header, of_year) for year, of_year in years.items()]
    if len(at) > 3:
        tables.append(Table(f"招聘岗位_{leaves[at[3]].ds.year}_更正.csv", header, [_correct_later(lines[at[3]])]))
    for table in tables:
        write_csv(folder / table.file, table, encoding="utf-8-sig")
    return tables


def _correct_later(line: Line) -> Line:
    """The first file gets a wrong figure, a later one the right: intake keeps both and lets the later one stand."""
    right = Line(list(line.cells))
    line.cells[4] = int(str(line.cells[4])) + 11
    line.faults.append(Fault("posts", "corrected_later", None))
    return right


def write_jobs_by_occupation(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """公共招聘 by occupation: a sheet a year, codes stored as text, one code that no table knows."""
    leaves, month = leaves_of(city, "postings_occ"), MONTH_STYLES["zh"]
    from leye.kernel.codes import occupations

    lines = [Line([x.occupation, occupations()[x.occupation].name, month(x.ds), int(x.y)]) for x in leaves]
    for i in choose(leaves, 1, rng):
        lines[i].cells[0] = "9990000"
        lines[i].faults.append(Fault("occupation", "unknown_code", "E_CODE_UNKNOWN"))
    header = [["职业代码", "职业中类", "月份", "招聘人数（个）"]]
    tables = [Table("分职业招聘岗位.xlsx", header, of_year, str(y), (f"{y}年分职业招聘岗位数",)) for y, of_year in _by_year(leaves, lines).items()]
    write_xlsx(folder / "分职业招聘岗位.xlsx", tables)
    return tables


def write_hotline(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """12333: a workbook with a footnote mark and an 约 in cells; both are values with a note, not errors."""
    leaves, month = leaves_of(city, "calls"), MONTH_STYLES["slash"]
    lines = [Line([x.region_zh, month(x.ds), int(x.y)]) for x in leaves]
    plants = [Plant("footnote", "W_FOOTNOTE", lambda v: f"{v}①", loses=False), Plant("approx", "W_APPROX", lambda v: f"约{v}", loses=False)]
    spoil(lines, choose(leaves, 2, rng), plants, value=2, field="calls")
    table = Table(
        "12333话务统计.xlsx", [["区县", "月份", "话务量（通）"]], lines, "话务量",
        ("12333 电话咨询服务情况",), ("注：①含智能客服转人工。",), (0,),
    )  # fmt: skip
    write_xlsx(folder / table.file, [table])
    return [table]


def write_statistics(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """统计: rates in per cent; a quarter among the months, and a triangle where a sign should be."""
    leaves, month = leaves_of(city, "jobless_rate"), MONTH_STYLES["zh"]
    lines = [Line([month(x.ds), f"{x.y * 100:.1f}"]) for x in leaves]
    at = choose(leaves, 2, rng)
    spoil(lines, at[:1], [Plant("triangle", "E_NUMBER_SIGN", lambda v: f"▲{v}")], value=1, field="rate")
    for i in at[1:]:
        quarter = f"{leaves[i].ds.year}Q{(leaves[i].ds.month + 2) // 3}"
        lines.insert(i + 1, Line([quarter, f"{leaves[i].y * 100:.1f}"], [Fault("month", "quarter", "E_PERIOD_KIND")]))
    table = Table(
        "城镇调查失业率.csv", [["时期", "城镇调查失业率（%）"]], lines, titles=("城镇调查失业率", "单位：%"), footer=("资料来源：统计部门",)
    )
    write_csv(folder / table.file, table, encoding="gb18030")
    return [table]


def write_platforms(city: City, folder: Path, rng: np.random.Generator) -> list[Table]:
    """Platforms: JSON with nested keys, in 万单 to the single order; one value carries its own unit."""
    leaves, month = leaves_of(city, "gig_orders"), MONTH_STYLES["iso"]
    lines = [Line([x.group_zh, month(x.ds), _wan(x.y)]) for x in leaves]
    spoil(lines, choose(leaves, 1, rng), [Plant("own_unit", "E_UNIT_CONFLICT", lambda v: f"{v}万")], value=2, field="orders")
    table = Table("平台订单.json", [], lines)
    rows: list[dict[str, object]] = [{"平台": c[0], "统计": {"月份": c[1], "完成订单（万单）": c[2]}} for c in (line.cells for line in lines)]
    write_json(folder / table.file, rows)
    return [table]


SERIES_WRITERS: dict[str, Writer] = {
    "hr_insured": write_insured,
    "hr_unemployment": write_registered,
    "hr_claims": write_claims,
    "hr_leaving": write_leaving,
    "hr_jobs": write_jobs,
    "hr_jobs_occ": write_jobs_by_occupation,
    "hotline": write_hotline,
    "statistics": write_statistics,
    "platforms": write_platforms,
}
"""Department to what writes its files; the names are those of the specs in packs/sources."""
