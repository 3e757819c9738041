"""Every numeral of a finished bulletin, taken from its HTML and its Word file, is looked up in the Parquet files of its run, by other code."""

from __future__ import annotations

import io
import json
import math
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.office.reports.models import Issue
from leye.office.reports.numbers import write
from leye.office.reports.pen import NUMERAL
from published_fixture import AT


@pytest.fixture
def real(city_data: Path, settings: Any, tmp_path: Path, register: None) -> Path:
    """A city of 2,000 whose night wrote every table."""
    from leye.lake import open_lake
    from leye.office.alerts.take_up import take_up_alerts

    settings.LEYE_DATA = tmp_path / "real"
    shutil.copytree(city_data, settings.LEYE_DATA, ignore=shutil.ignore_patterns("*.sqlite3*"))
    lake = open_lake(settings.LEYE_DATA)
    run = lake.published()
    assert run is not None
    take_up_alerts(lake, run.run_id, at=AT)
    return settings.LEYE_DATA


class Tables:
    """Tables as rows of plain values, read from the files of a run; those of the report from the stored issue."""

    def __init__(self, data: Path, issue: Issue) -> None:
        self.data, self.own = data, issue.own
        self.read: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.by_series: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}

    def rows(self, run_id: str, table: str) -> list[dict[str, Any]]:
        if run_id == "report":
            return list(self.own[table])
        if (run_id, table) not in self.read:
            self.read[run_id, table] = pl.read_parquet(self.data / "snapshots" / run_id / f"{table}.parquet").to_dicts()
        return self.read[run_id, table]


def holds(row: dict[str, Any], condition: list[Any]) -> bool:
    column, op, wanted = condition
    value = row[column].isoformat() if isinstance(row[column], date) else row[column]
    if op == "in":
        return str(value) in wanted.split("|")
    if wanted is None or value is None:
        return value is wanted
    return {"=": value == wanted, "<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[op]


def candidates(source: dict[str, Any], tables: Tables) -> list[dict[str, Any]]:
    """Rows of the table, only those of the series where the source names one: the panel has tens of thousands."""
    rows = tables.rows(source["run_id"], source["table"])
    uid = next((v for c, op, v in source["where"] if (c, op) == ("unique_id", "=")), None)
    if uid is None:
        return rows
    key = (source["run_id"], source["table"])
    if key not in tables.by_series:
        grouped = tables.by_series[key] = {}
        for row in rows:
            grouped.setdefault(row["unique_id"], []).append(row)
    return tables.by_series[key].get(uid, [])


def slow(source: dict[str, Any], tables: Tables) -> Any:
    """The value of a source, row by row."""
    if "formula" in source:
        return worked(source["formula"], [slow(s, tables) for s in source["of"]])
    rows = [r for r in candidates(source, tables) if all(holds(r, c) for c in source["where"])]
    how, column = source["how"], source.get("column", "")
    if how == "rows":
        return len(rows)
    values = [r[column] for r in rows]
    if how == "list":
        return values
    known = [v for v in values if v is not None]
    if how == "only":
        assert len(rows) == 1, source
        value = json.loads(values[0])[source["part"]] if "part" in source else values[0]
        return None if isinstance(value, float) and math.isnan(value) else value
    tallies = {"count": len, "sum": sum, "max": max, "min": min, "mean": lambda v: sum(v) / len(v), "distinct": lambda v: len(set(v))}
    return tallies[how](known)


def worked(name: str, parts: list[Any]) -> Any:
    """The formulas, written out once more."""
    if any(p is None for p in parts):
        return None
    a, *rest = parts
    if name == "change":
        return (a - rest[0]) / rest[0] if rest[0] else None
    if name == "difference":
        return a - rest[0]
    if name == "quotient":
        return a / rest[0]
    if name == "pair":
        return parts
    if name == "lamp_change":
        return math.exp(a if rest[0] == "up" else -a) - 1
    if name == "lamp_expected":
        return a * math.exp(-rest[0] if rest[1] == "up" else rest[0])
    if name == "scaled_error":
        terms = [abs(y - m) / s for y, m, s in zip(*parts, strict=True) if None not in (y, m) and s]
        return sum(terms) / len(terms)
    assert name == "inside"
    terms = [lo <= y <= hi for lo, y, hi in zip(*parts, strict=True) if None not in (lo, y, hi)]
    return sum(terms) / len(terms)


def wrong_numbers(found: dict[str, str], told: dict[str, dict[str, Any]], tables: Tables) -> list[tuple[str, str, str]]:
    """(id, as it stands, as the tables have it) of every number that disagrees. found: id to text in the finished file."""
    should = {i: write(slow(n["source"], tables), n["form"], n["unit"], "zh") for i, n in told.items()}
    assert set(found) == set(told), "a number is lost or has no source"
    return [(i, found[i], should[i]) for i in found if found[i] != should[i]]


def told_by(client: Any, issue: Issue) -> dict[str, dict[str, Any]]:
    """The numbers of an issue with their sources, over HTTP."""
    report = client.get(f"/api/reports/issues/{issue.pk}").json()["report"]
    spans = [*report["lead"]["spans"]]
    for block in (b for s in report["sections"] for b in s["blocks"]):
        spans += block.get("spans", []) + [s for row in block.get("rows", []) for s in row]
    return {s["number"]["id"]: s["number"] for s in spans if "number" in s}


def of_html(client: Any, issue: Issue, soup: Callable[[Any], Any]) -> dict[str, str]:
    article = soup(client.get(f"/reports/issues/{issue.pk}")).select_one("article.report-page")
    found = {a["data-number"]: a.text for a in article.select("a[data-number]")}
    for gone in article.select("a[data-number], svg"):
        gone.decompose()
    assert [t for t in article.stripped_strings if NUMERAL.search(t)] == [], "numerals without a link"
    return found


def of_docx(client: Any, issue: Issue) -> dict[str, str]:
    from docx import Document
    from docx.oxml.ns import qn

    body = Document(io.BytesIO(client.get(f"/reports/issues/{issue.pk}.docx").content)).element.body
    links = [link for link in body.iter(qn("w:hyperlink")) if link.get(qn("w:tooltip"))]
    found = {link.get(qn("w:tooltip")).split()[0]: "".join(t.text for t in link.iter(qn("w:t"))) for link in links}
    for link in links:
        link.getparent().remove(link)
    left = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    assert [t for t in left if NUMERAL.search(t)] == [], "numerals without a link"
    return found


@pytest.mark.parametrize("kind", ["weekly", "quarterly"])
def test_each_numeral_is_found_in_the_linked_run(real: Path, signed_in: Any, soup: Any, kind: str) -> None:
    client = signed_in("analyst")
    issue = Issue.objects.get(pk=client.post("/reports/issues/make", {"kind": kind})["Location"].rsplit("/", 1)[1])
    told = told_by(client, issue)
    assert len(told) > 250
    assert {n["source"]["table"] for n in told.values() if "table" in n["source"]} >= {
        "panel", "panel_keys", "forecast", "direction", "lamps", "cube", "key_groups", "loads", "settings", "run", "issue",
    }  # fmt: skip
    tables = Tables(real, issue)
    assert wrong_numbers(of_html(client, issue, soup), told, tables) == []
    assert wrong_numbers(of_docx(client, issue), told, tables) == []


def test_one_changed_figure_is_seen_and_nobody_can_publish_it(real: Path, signed_in: Any, user_of: Any, soup: Any) -> None:
    from leye.office.reports.making import sha256_of

    client = signed_in("analyst")
    issue = Issue.objects.get(pk=client.post("/reports/issues/make", {"kind": "weekly"})["Location"].rsplit("/", 1)[1])
    told = told_by(client, issue)
    table = next(b for s in issue.body["zh"]["sections"] for b in s["blocks"] if b["is"] == "table")
    cell = table["rows"][1][2]
    cell["text"] = cell["text"].replace("4", "5").replace("1", "2")
    issue.save(update_fields=["body"])
    wrong = wrong_numbers(of_html(client, issue, soup), told, Tables(real, issue))
    assert [w[:2] for w in wrong] == [(cell["number"]["id"], cell["text"])]
    client.force_login(user_of("analyst", "second"))
    refused = client.post(f"/reports/issues/{issue.pk}/publish")
    assert refused.status_code == 409 and "正文和生成时不一样" in refused.content.decode()
    issue.body_sha256 = sha256_of(issue.body)
    issue.save(update_fields=["body_sha256"])
    refused = client.post(f"/reports/issues/{issue.pk}/publish")
    assert "与运行结果对不上" in refused.content.decode() and cell["text"] in refused.content.decode()
    issue.refresh_from_db()
    assert issue.state == "draft"


def test_equal_input_gives_the_same_text(real: Path, signed_in: Any) -> None:
    from leye.office.published import published_snapshot
    from leye.office.reports.making import make

    snapshot = published_snapshot()
    assert snapshot is not None
    first, second = (make("weekly", snapshot, at=AT) for _ in range(2))
    assert json.dumps(first.body, ensure_ascii=False) == json.dumps(second.body, ensure_ascii=False)
