"""What a bulletin says of small tables made by hand: changes since the issue before, who has to do what, what stays hidden."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.lake import open_lake
from leye.office.published import Snapshot
from leye.office.reports.bulletin.compose import bulletin
from leye.office.reports.bulletin.steps import action
from leye.office.reports.checking import check, faults
from leye.office.reports.content import Block, Label, Paragraph, Report, Section, Table, numbers_of
from leye.office.reports.numbers import write
from leye.office.reports.pen import Pen
from leye.office.reports.sources import Cell, as_json, formula_values, from_json, look_up
from leye.office.reports.stored import as_json as report_json
from leye.office.reports.stored import report_of
from published_fixture import H_ID, ROOT_ID

FORMS = [
    (12345.6, "figure", "post", "12,346 个", "12,346 posts"),
    (0.0523, "figure", "ratio", "5.23%", "5.23%"),
    (1.78, "figure", "times", "1.78 倍", "1.78 times"),
    (None, "figure", "post", "未知", "unknown"),
    (float("nan"), "share", "", "未知", "unknown"),
    ("", "text", "", "未知", "unknown"),
    (-0.004, "gap", "ratio", "−0.40 个百分点", "−0.40 points"),
    (0.2, "gap", "person", "0 人", "0 persons"),
    (-12.0, "gap", "person", "−12 人", "−12 persons"),
    (-0.456, "share", "", "−45.6%", "−45.6%"),
    (-0.1, "share", "", "−10.0%", "−10.0%"),
    ((45 - 50) / 50, "share", "", "−10.0%", "−10.0%"),
    (0.013, "share", "", "+1.3%", "+1.3%"),
    (date(2025, 8, 1), "month", "", "2025年8月", "August 2025"),
    ("2025-08-31", "date", "", "2025年8月31日", "31 August 2025"),
    ("2025-04-01", "quarter", "", "2025年第2季度", "Q2 2025"),
    ("2025-08-31T14:00:00+00:00", "instant", "", "2025年8月31日 22:00", "31 August 2025, 22:00 Beijing time"),
    (0.71, "tenths", "", "七成", "about 70%"),
    (0.04, "tenths", "", "不到一成", "under 10%"),
    (0.95, "tenths", "", "九成以上", "over 90%"),
    (0.8, "tenth", "", "八成", "80%"),
    (0.95, "tenth", "", "九成五", "95%"),
    ([172.4, 207.1], "pair", "post", "172 – 207 个", "172 – 207 posts"),
    (186_000_000, "yuan", "", "186 万元", "1,860,000 yuan"),
]


@pytest.mark.parametrize(("value", "form", "unit", "zh", "en"), FORMS)
def test_forms(value: Any, form: str, unit: str, zh: str, en: str) -> None:
    assert (write(value, form, unit, "zh"), write(value, form, unit, "en")) == (zh, en)


FRAME = pl.DataFrame(
    {"k": ["a", "a", "b"], "on": [date(2025, 1, 1), date(2025, 2, 1), date(2025, 1, 1)], "y": [2.0, None, 5.0], "j": ['{"z": 7}'] * 3}
)
CELLS = [
    (Cell("r", "t", (("k", "=", "b"),), "y"), 5.0, "one row"),
    (Cell("r", "t", (("k", "=", "a"), ("on", "=", date(2025, 2, 1))), "y"), None, "unknown stays unknown"),
    (Cell("r", "t", (("k", "=", "b"),), "j", part="z"), 7, "inside JSON"),
    (Cell("r", "t", (("y", "=", None),), how="rows"), 1, "rows without a value"),
    (Cell("r", "t", (), "y", how="sum"), 7.0, "sum"),
    (Cell("r", "t", (), "y", how="count"), 2, "count of values"),
    (Cell("r", "t", (("k", "in", "a|b"), ("on", "<", date(2025, 2, 1))), "y", how="mean"), 3.5, "mean of some"),
    (Cell("r", "t", (), "k", how="distinct"), 2, "distinct"),
]


@pytest.mark.parametrize(("cell", "value", "why"), CELLS, ids=[c[-1] for c in CELLS])
def test_sources_are_looked_up_also_after_a_journey_through_json(cell: Cell, value: Any, why: str) -> None:
    again = from_json(json.loads(json.dumps(as_json(cell))))
    assert look_up(cell, lambda run, table: FRAME) == value
    assert look_up(again, lambda run, table: FRAME) == value


def test_a_source_that_leads_nowhere_is_an_error() -> None:
    from leye.kernel.errors import CheckFailed

    for cell in (Cell("r", "t", (("k", "=", "c"),), "y"), Cell("r", "t", (("k", "=", "a"),), "y"), Cell("r", "t", (("k", "=", "b"),), "nix")):
        with pytest.raises(CheckFailed, match="E_NUMBER_SOURCE"):
            look_up(cell, lambda run, table: FRAME)


FORMULA_ANSWERS = [
    ("change", (45.0, 50.0), -0.1),
    ("change", (1.0, 0.0), None),
    ("difference", (3.0, 5.0), -2.0),
    ("quotient", (3, 12), 0.25),
    ("lamp_change", (0.0, "down"), 0.0),
    ("lamp_expected", (30.0, 0.0, "up"), 30.0),
    ("scaled_error", ([10.0, None, 4.0], [8.0, 1.0, 5.0], [2.0, 1.0, 0.5]), 1.5),
    ("inside", ([1.0, 1.0, None], [2.0, 3.0, 1.0], [2.0, 2.0, 1.0]), 0.5),
]


@pytest.mark.parametrize(("name", "parts", "value"), FORMULA_ANSWERS)
def test_formulas_by_hand(name: str, parts: tuple[Any, ...], value: Any) -> None:
    assert formula_values(name, parts) == value


def own(**tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The report's own tables with an issue of the last week of August."""
    names = ("interval_narrow", "interval_wide", "least_count", "false_discoveries", "nominal_false_alarms", "forecast_months")
    values = (0.8, 0.95, 10.0, 0.2, 0.25, 12.0)
    issue = {"kind": "weekly", "number": 1, "starts": "2025-08-25", "ends": "2025-08-31", "run_id": "", "before_run": ""}
    return {
        "settings": [{"name": n, "value": v} for n, v in zip(names, values, strict=True)],
        "run": [], "issue": [issue], "policy_names": [], "desk_alerts": [], "desk_claims": [], "desk_replays": [], **tables,
    }  # fmt: skip


def snapshot_at(folder: Path, nonce: str = "city", **tables: pl.DataFrame) -> Snapshot:
    made = published_fixture._tables(published_fixture._series(), with_intake=True) | tables
    folder.mkdir(parents=True, exist_ok=True)
    run = published_fixture.publish(folder, made, nonce, {"kind": "city"})
    return Snapshot(open_lake(folder, engine="polars"), run)


def written(snapshot: Snapshot, before: Snapshot | None = None, kind: str = "weekly", lang: str = "zh", **tables: Any) -> Report:
    mine = own(**tables)
    mine["run"] = [{"run_id": snapshot.run_id, "published_at": snapshot.run.at, "on": "2025-08-31", "code_hash": "0", "notices": 0}]
    mine["issue"][0] |= {"kind": kind, "run_id": snapshot.run_id, "before_run": before.run_id if before else ""}
    if kind == "quarterly":
        mine["issue"][0] |= {"starts": "2025-04-01", "ends": "2025-06-30"}
    report = bulletin(kind, snapshot, before, mine, lang)
    assert check(report, Pen(snapshot, before, mine, lang).tables) == len(numbers_of(report))
    return report


def text_of(blocks: tuple[Block, ...] | list[Block]) -> str:
    lines = []
    for b in blocks:
        if isinstance(b, Paragraph):
            lines.append("".join(s.text for s in b.spans))
        elif isinstance(b, Table):
            lines += [" | ".join(s.text for s in row) for row in b.rows]
        elif isinstance(b, Label):
            lines.append(f"[{b.part}]")
    return "\n".join(lines)


def section(report: Report, title: str) -> Section:
    return next(s for s in report.sections if s.title == title)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_at(tmp_path_factory.mktemp("bulletin"))


def test_a_template_with_a_numeral_is_refused(first: Snapshot) -> None:
    pen = Pen(first, None, own(), "zh")
    for zh in ("少了 45%。", "约七成", "二十盏灯", "第三季度"):
        with pytest.raises(ValueError, match="numeral without a source"):
            pen.line(zh, "x")
    assert pen.line("第一次，一致，同一个月", "x").spans[0].text == "第一次，一致，同一个月"


def test_a_section_without_one_of_its_parts_is_refused(first: Snapshot) -> None:
    pen = Pen(first, None, own(), "zh")
    said = [pen.line("有", "some")]
    with pytest.raises(ValueError, match="lacks uncertainty"):
        pen.section(("题", "Title"), finding=said, evidence=said, uncertainty=[], action=said)


def test_since_the_last_issue(first: Snapshot, tmp_path: Path) -> None:
    """The root's August is revised by −40, its forecast of September is 100 higher, a lamp went out and another lit."""
    panel, forecast, lamps = (first.frame(t) for t in ("panel", "forecast", "lamps"))
    august = (pl.col("unique_id") == ROOT_ID) & (pl.col("ds") == date(2025, 8, 1))
    september = (pl.col("unique_id") == ROOT_ID) & (pl.col("ds") == date(2025, 9, 1))
    y = panel.filter(august)["y"][0]
    then = snapshot_at(
        tmp_path / "then",
        "then",
        panel=panel.with_columns(pl.when(august).then(pl.col("y") + 40).otherwise("y").alias("y")),
        forecast=forecast.with_columns(pl.when(september).then(pl.col("mean") - 100).otherwise("mean").alias("mean")),
        lamps=lamps.with_columns(pl.col("unique_id").replace({H_ID: "postings/440600/C/all/all"})),
    )
    said = text_of(section(written(first, then), "与上期相比").blocks)
    assert "亮着 4 盏灯，本期 4 盏" in said
    assert "新亮：示例市住宿和餐饮业招聘岗位数，自2025年4月起。" in said and "熄灭：示例市制造业招聘岗位数。" in said
    assert f"示例市招聘岗位数 | 2025年8月 | {y + 40:,.0f} 个 | {y:,.0f} 个 | −40 个" in said
    assert "+100 个" in said and then.run_id in said


def alert(**given: Any) -> dict[str, Any]:
    return {
        "alert_id": "a1", "unique_id": H_ID, "ds": "2025-04-01", "level": "red", "state": "acting", "is_waiting": True, "is_lit": True,
        "has_task": True, "plan_id": "hotel_catering", "plan_zh": "住宿餐饮业稳岗应对预案", "plan_en": "Keeping jobs", "owner": "王芳",
        "due": "2025-09-05", "steps": 4, "steps_done": 1, "is_late": False, "closed_on": None, **given,
    }  # fmt: skip


TASKS = [
    (alert(), "按《住宿餐饮业稳岗应对预案》处置，王芳负责，2025年9月5日前办结；步骤已完成 1 / 4。", "plan, owner, due date, steps"),
    (alert(plan_id="", plan_zh="", plan_en=""), "没有套用预案，王芳负责，2025年9月5日前办结；步骤已完成 1 / 4。", "a task without a plan"),
    (alert(is_late=True), "2025年9月5日前办结，已逾期；步骤已完成 1 / 4。", "late"),
    (alert(has_task=False, state="open", owner="", due=None), "还没有人负责，请在预警台派单；可启动《住宿餐饮业稳岗应对预案》", "nobody in charge"),
]


@pytest.mark.parametrize(("row", "said", "why"), TASKS, ids=[t[-1] for t in TASKS])
def test_what_is_to_be_done(first: Snapshot, row: dict[str, Any], said: str, why: str) -> None:
    pen = Pen(first, None, own(desk_alerts=[row]), "zh")
    assert said in text_of(action(pen, [H_ID], reason=("没有灯。", "none")))


def test_without_a_task_the_reserve_answers_and_without_a_plan_nothing_is_needed(first: Snapshot) -> None:
    pen = Pen(first, None, own(), "zh")
    assert "一次性技能培训补贴" in text_of(action(pen, [H_ID], reason=("没有灯。", "none")))
    assert text_of(action(pen, [ROOT_ID], reason=("没有灯。", "none"))) == "无须行动：没有灯。"


def test_late_tasks_come_first_among_warnings(first: Snapshot) -> None:
    rows = [alert(), alert(alert_id="a2", unique_id=ROOT_ID, is_late=True)]
    said = text_of(section(written(first, desk_alerts=rows), "预警与处置").blocks)
    assert "有 2 条待办，其中还没有派单的 0 条，逾期的 1 条；请先办逾期的。" in said
    assert "已逾期" in said.split("[action]")[1] and "住宿和餐饮业招聘岗位数：按" not in said.split("[action]")[1]


CELL = {
    "indicator": "insured", "occupation": "all", "grp": "all", "usual": 50.0, "watched": True, "month": date(2025, 8, 1), "hidden": False,
    "year_ago_hidden": False, "expected": 50.0, "surprise": -2.0, "level": None, "since": None, "scanned": True, "pooled_into": None,
}  # fmt: skip


def cell(region: str, n: int, year_ago: int, **given: Any) -> dict[str, Any]:
    return CELL | {"region": region, "industry": "H", "cell": f"insured/{region}/H/all/all", "n": n, "year_ago": year_ago} | given


def test_hidden_cells_are_neither_told_nor_named_as_a_source(tmp_path: Path) -> None:
    rows = [cell("440604", 45, 50), cell("440605", 37, 41, hidden=True), cell("440606", 33, 29, year_ago_hidden=True)]
    schema = {"level": pl.String, "since": pl.Date, "pooled_into": pl.String}
    snapshot = snapshot_at(tmp_path / "cube", cube=pl.DataFrame(rows, schema_overrides=schema))
    report = written(snapshot)
    said = text_of(section(report, "区域与行业").blocks)
    assert "禅城区 | 住宿和餐饮业 | 45 人 | 50 人 | −10.0%" in said
    assert "南海区 |" not in said and "顺德区 |" not in said
    assert not any("440605/H" in n.source.text() or "440606/H" in n.source.text() for _, n, _ in numbers_of(report) if "cube" in n.source.text())


def test_small_groups_are_not_told(tmp_path: Path) -> None:
    figures = [("graduates", "heads", 28), ("graduates", "registered", 7), ("migrant_workers", "heads", 270), ("migrant_workers", "registered", 32)]
    frame = pl.DataFrame(
        [{"grp": g, "figure": f, "policy": None, "n": n, "value_fen": None} for g, f, n in figures],
        schema_overrides={"policy": pl.String, "value_fen": pl.Int64},
    )
    said = text_of(section(written(snapshot_at(tmp_path / "groups", key_groups=frame)), "重点群体").blocks)
    assert "高校毕业生 | 28 人 | 太少，不列" in said and "登记失业最多的是农民工，32 人" in said


def test_the_quarter_against_the_same_quarter_a_year_ago(first: Snapshot) -> None:
    """Claims: 300 + 4i, from April 2025 (i = 31) 90 more: means of 518 and 380."""
    said = text_of(section(written(first, kind="quarterly"), "本季与去年同季").blocks)
    assert "示例市失业金申领人数 | 518 人 | 380 人 | +36.3%" in said


def test_the_record_holds_the_quarter_against_origins_before_it(first: Snapshot) -> None:
    said = text_of(section(written(first, kind="quarterly"), "预测的成绩").blocks)
    assert "2025年4月 | 2025年2月" in said and "2025年5月 | 2025年5月" not in said


def test_replays_are_told_with_their_figures(first: Snapshot) -> None:
    kept = {
        "replay_id": "r",
        "shock": "2008-01-01",
        "series": 107,
        "fell": 60,
        "lit_of_fallen": 52,
        "lit_without_fall": 3,
        "median_lead_months": -1.5,
    }
    said = text_of(section(written(first, kind="quarterly", desk_replays=[kept]), "回放的教训").blocks)
    assert "2008年1月的冲击：真的下滑的 60 个序列里亮过灯的 52 个，中位时差 −1.5 个月（负为峰值之前）；没有下滑而亮灯的 3 个。" in said


@pytest.mark.parametrize("kind", ["weekly", "quarterly"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_panel_of_ones_own_makes_a_whole_bulletin(tmp_path: Path, kind: str, lang: str) -> None:
    run = published_fixture.write_panel(tmp_path / "panel")
    snapshot = Snapshot(open_lake(tmp_path / "panel", engine="polars"), run)
    report = written(snapshot, kind=kind, lang=lang)
    assert len(report.sections) == (11 if kind == "weekly" else 15)
    assert report_of(json.loads(json.dumps(report_json(report)))).title == report.title


def test_a_figure_changed_by_hand_is_a_fault(first: Snapshot) -> None:
    report = written(first)
    told = json.loads(json.dumps(report_json(report)))
    spans = next(b for b in told["sections"][1]["blocks"] if b["is"] == "table")["rows"][0]
    spans[2]["text"] = "9 个"
    mine = own()
    mine["run"] = [{"run_id": first.run_id, "published_at": first.run.at, "on": "2025-08-31", "code_hash": "0", "notices": 0}]
    mine["issue"][0] |= {"run_id": first.run_id}
    found = faults(report_of(told), Pen(first, None, mine, "zh").tables)
    assert [(f.section, f.stands) for f in found] == [("主要指标", "9 个")]
