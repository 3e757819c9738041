"""A small published snapshot out of plain formulas: three trades in two districts, one shocked, so that pages are tested without a nightly.

`write_city(DATA)` publishes the city-like snapshot, `write_panel(DATA)` one of a panel of one's own (no region, no industry). Same call, same bytes.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from leye.kernel.ids import content_id, run_id
from leye.kernel.period import Month
from leye.lake import Published, open_lake

AT = datetime(2025, 8, 31, 14, 0, tzinfo=UTC)
LAST = Month(2025, 8)
MONTHS = [LAST + i for i in range(-35, 1)]
AHEAD = [LAST + i for i in range(1, 7)]
SHOCK = Month(2025, 4)

DISTRICTS = {"440604": ("禅城区", "Chancheng"), "440605": ("南海区", "Nanhai")}
TRADES = {
    "C": ("制造业", "Manufacturing", 900.0),
    "F": ("批发和零售业", "Retail and wholesale", 500.0),
    "H": ("住宿和餐饮业", "Hotels and restaurants", 400.0),
}
H_ID = "postings/440600/H/all/all"
ROOT_ID = "postings/440600/all/all/all"
FILE = "人社_公共招聘岗位_2025.xlsx"


def _leaf(trade: str, district: str, month: Month) -> float:
    base = TRADES[trade][2] * (0.6 if district == "440605" else 0.4)
    season = 1 + 0.08 * math.sin(2 * math.pi * month.month / 12) + (-0.15 if month.month == 2 else 0)
    wobble = 1 + 0.015 * math.sin(7.3 * (month.year * 12 + month.month) + ord(trade) + int(district))
    shock = 0.55 if trade == "H" and month >= SHOCK else 1.0
    return float(round(base * season * wobble * shock))


def _series() -> dict[str, dict[str, object]]:
    """unique_id -> key columns and a function of the month under `of`."""
    found: dict[str, dict[str, object]] = {}

    def add(uid: str, parent: str | None, zh: str, en: str, unit: str, values: list[float | None], calm: str = "down") -> None:
        indicator, region, industry, occupation, grp = uid.split("/")
        found[uid] = {
            "unique_id": uid, "parent": parent, "indicator": indicator, "region": region, "industry": industry, "occupation": occupation, "grp": grp,
            "unit": unit, "title_zh": zh, "title_en": en, "calm_direction": calm, "values": values,
        }  # fmt: skip

    leaves = {(t, d): [_leaf(t, d, m) for m in MONTHS] for t in TRADES for d in DISTRICTS}
    total = [sum(v[i] for v in leaves.values()) for i in range(len(MONTHS))]
    add(ROOT_ID, None, "示例市招聘岗位数", "Job postings, Sample City", "post", list(total))
    for t, (zh, en, _) in TRADES.items():
        whole = [sum(leaves[t, d][i] for d in DISTRICTS) for i in range(len(MONTHS))]
        add(f"postings/440600/{t}/all/all", ROOT_ID, f"示例市{zh}招聘岗位数", f"{en}: job postings, Sample City", "post", list(whole))
        for d, (dzh, den) in DISTRICTS.items():
            add(
                f"postings/{d}/{t}/all/all",
                f"postings/440600/{t}/all/all",
                f"{dzh}{zh}招聘岗位数",
                f"{en}: job postings, {den}",
                "post",
                list(leaves[t, d]),
            )
    claims = [float(round(300 + 4 * i + (90 if m >= SHOCK else 0))) for i, m in enumerate(MONTHS)]
    add("claims/440600/all/all/all", None, "示例市失业金申领人数", "Unemployment benefit claims, Sample City", "person", list(claims), "up")
    rate = [round(0.048 + 0.0003 * math.sin(i), 4) for i in range(len(MONTHS))]
    add(
        "jobless_rate/440600/all/all/all",
        None,
        "示例市城镇调查失业率",
        "Surveyed urban jobless rate, Sample City",
        "ratio",
        [None if i == 5 else v for i, v in enumerate(rate)],
        "up",
    )
    return found


def _forecast(uid: str, values: list[float | None]) -> list[dict[str, object]]:
    last_year = [v for v in values if v is not None][-12:]
    level = sum(last_year[-3:]) / 3
    rows = []
    for i, m in enumerate(AHEAD):
        mean, sd = level, level * 0.03 * math.sqrt(i + 1)
        rows.append({
            "unique_id": uid, "ds": m.first, "mean": mean, "lo-80": mean - 1.2816 * sd, "hi-80": mean + 1.2816 * sd, "lo-95": mean - 1.96 * sd,
                "hi-95": mean + 1.96 * sd,
        })  # fmt: skip
    return rows


def _evidence(direction: str, level: str, change: float, observed: float, expected: float, run: int, statistic: float) -> str:
    side, less = ("低于预期", "少") if direction == "down" else ("高于预期", "多")
    english = ("Below", "less") if direction == "down" else ("Above", "more")
    zh = f"连续{run}个月{side}，实际{observed:,.0f}，按以往规律约应为{expected:,.0f}，约{less}{abs(change):.0%}；累计偏差{statistic:.1f}个标准差。"
    en = f"{english[0]} expectation {run} months in a row: {observed:,.0f} where about {expected:,.0f} was usual, {abs(change):.0%} {english[1]}."
    body = {
        "direction": direction, "kind": "onset", "level": level, "statistic": statistic, "threshold": 4.2, "change": change, "observed": observed,
        "expected": expected, "run": run, "realised_fa": 0.02, "promised_fa": 0.25, "channels": {"own": 2.0, "factor": 0.1}, "zh": zh, "en": en,
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _alerts(keys: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    def y(uid: str) -> float:
        return float(keys[uid]["values"][-1])

    rows = [(H_ID, "down", "red", -0.45, 9.6, 5), ("postings/440605/H/all/all", "down", "orange", -0.44, 6.8, 4), ("claims/440600/all/all/all",
        "up", "yellow", 0.22, 5.1, 3), (ROOT_ID, "down", "blue", -0.08, 4.4, 2)]  # fmt: skip
    return [
        {
            "unique_id": uid, "ds": LAST.first, "level": level, "score": score,
            "evidence": _evidence(direction, level, change, y(uid), y(uid) / (1 + change), run, score),
        }
        for uid, direction, level, change, score, run in rows
    ]  # fmt: skip


def _advice() -> list[dict[str, object]]:
    row = {
        "unique_id": H_ID, "ds": LAST.first, "level": "red", "plan_id": "hotel_catering", "plan_title": "住宿餐饮业稳岗应对预案",
        "basis": "示例市稳就业预案（演示）第三条",
    }  # fmt: skip
    return [
        row | {
            "grp": "migrant_workers", "grp_zh": "农民工", "heads": 1240, "unit_amount_fen": 150_000, "cost_fen": 186_000_000,
            "cost_lo_fen": 171_000_000,
            "cost_hi_fen": 204_000_000, "status": "estimated", "missing_fact": None,
            "text_zh": "对住宿和餐饮业农民工发放一次性技能培训补贴。",
            "text_en": "Pay a one-off training subsidy to rural migrant workers in hotels and restaurants.",
        },
        row | {
            "grp": "hard_to_employ", "grp_zh": "就业困难人员", "heads": 85, "unit_amount_fen": None, "cost_fen": None, "cost_lo_fen": None,
                "cost_hi_fen": None,
            "status": "not_computed", "missing_fact": "岗位补贴标准",
            "text_zh": "为就业困难人员提供一对一帮扶。", "text_en": "Offer one-to-one help to people hard to employ.",
        },
    ]  # fmt: skip


def _loads() -> dict[str, list[dict[str, object]]]:
    def load(source: str, file: str, rows_in: int, quarantined: int, duplicates: int, warnings: int) -> dict[str, object]:
        loaded = rows_in - quarantined - duplicates
        return {
            "source": source, "file": file, "sha256": content_id([file]) * 2, "encoding": "xlsx" if file.endswith("xlsx") else "gb18030",
                "rows_in": rows_in,
            "loaded": loaded, "quarantined": quarantined, "duplicates": duplicates, "skipped": 3, "warnings": warnings, "new": loaded,
                "unchanged": 0, "superseded": 0,
        }  # fmt: skip

    def bad(row: int, column: str, raw: str, code: str, reason: str, suggestion: str) -> dict[str, object]:
        return {
            "source": "hr_jobs",
            "file": FILE,
            "sheet": "8月",
            "row": row,
            "column": column,
            "raw": raw,
            "code": code,
            "reason": reason,
            "suggestion": suggestion,
            "row_id": None,
        }

    return {
        "loads": [load("hr_jobs", FILE, 220, 2, 2, 1), load("hr_claims", "失业金申领.csv", 36, 0, 0, 0)],
        "quarantine": [
            bad(14, "岗位数", "面议", "E_NOT_A_NUMBER", "这里要数字，写的是“面议”", "填岗位数，例如 12；不知道就空着"),
            bad(27, "月份", "二〇二五年十三月", "E_NOT_A_DATE", "没有第 13 个月", "写成 2025-12 或 2026-01"),
        ],
        "load_warnings": [
            {"source": "hr_jobs", "file": FILE, "code": "W_TOTAL", "expected": "1798", "found": "1800",
            "text_zh": "合计行是 1800，各行加起来是 1798，差 2"},
        ],
    }  # fmt: skip


def _tables(keys: dict[str, dict[str, object]], *, with_intake: bool) -> dict[str, pl.DataFrame]:
    panel = [{"unique_id": u, "ds": m.first, "y": v} for u, k in keys.items() for m, v in zip(MONTHS, k["values"], strict=True)]
    forecast = [row for u, k in keys.items() for row in _forecast(u, k["values"])]
    contributions = []
    for row in forecast:
        mean = float(row["mean"])
        for term, zh, share in (
            ("base", "去年同期水平", 0.9),
            ("lags_recent", "近1–3个月变化", 0.06),
            ("lags_year", "近4–12个月变化", 0.055),
            ("growth", "当前同比增势", -0.015),
        ):
            contributions.append({"unique_id": row["unique_id"], "ds": row["ds"], "term": term, "term_zh": zh, "value": mean * share})
    backtest = []
    for u, k in keys.items():
        values = k["values"]
        for model, bias in (("leye", 0.0), ("seasonal_naive", 0.03)):
            for back in (6, 3):
                origin = LAST + -back
                before = [v for v in values[: len(MONTHS) - back] if v is not None]
                for h in range(1, back + 1):
                    mean = before[-1] * (1 + bias)
                    y = values[len(MONTHS) - back - 1 + h]
                    sd = abs(mean) * 0.05
                    backtest.append({
                        "model": model, "unique_id": u, "origin": origin.first, "ds": (origin + h).first, "h": h, "y": y, "mean": mean,
                            "lo-80": mean - 1.2816 * sd,
                        "hi-80": mean + 1.2816 * sd, "lo-95": mean - 1.96 * sd, "hi-95": mean + 1.96 * sd,
                    })  # fmt: skip
    summary = [
        {
            "model": m,
            "origin": (LAST + -b).first,
            "mase": s,
            "smape": s / 10,
            "winkler_80": 100 * s,
            "coverage_80": 0.81,
            "coverage_95": 0.94,
            "cpu_s": 0.4,
        }
        for m, s in (("leye", 0.72), ("seasonal_naive", 1.0))
        for b in (6, 3)
    ]
    cells = [
        {"unique_id": u, "ds": m.first, "source": "hr_jobs", "row_id": content_id([u, str(m)]), "column": "岗位数"}
        for u in keys
        if u.startswith("postings/") and not u.startswith("postings/440600")
        for m in MONTHS
    ]
    intake = _loads() if with_intake else {"loads": [], "quarantine": [], "load_warnings": []}
    schema = _loads()

    def framed(rows: list[dict[str, object]], like: list[dict[str, object]]) -> pl.DataFrame:
        return pl.DataFrame(rows, schema=pl.DataFrame(like, infer_schema_length=None).schema)

    return {
        **{name: framed(rows, schema[name]) for name, rows in intake.items()},
        "panel": pl.DataFrame(panel, schema={"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}),
        "panel_keys": pl.DataFrame([{c: v for c, v in k.items() if c != "values"} for k in keys.values()], infer_schema_length=None),
        "panel_cells": framed(cells if with_intake else [], cells or [{"unique_id": "", "ds": LAST.first, "source": "", "row_id": "", "column": ""}]),
        "forecast": pl.DataFrame(forecast),
        "forecast_models": pl.DataFrame([{"unique_id": u, "model": "leye", "weights": json.dumps({"leye": 0.8, "theta": 0.2}), "fallback": None,
            "fallback_zh": None} for u in keys], schema_overrides={"fallback": pl.String, "fallback_zh": pl.String}),
        "contributions": pl.DataFrame(contributions),
        "backtest": pl.DataFrame(backtest),
        "backtest_summary": pl.DataFrame(summary),
        "alerts": pl.DataFrame(_alerts(keys)) if with_intake else pl.DataFrame(_panel_alerts(keys)),
        "lamps": _lamps(_alerts(keys) if with_intake else _panel_alerts(keys)),
        "advice": framed(_advice() if with_intake else [], _advice()),
    }  # fmt: skip


def _panel_alerts(keys: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    y = float(keys["Leisure"]["values"][-1])
    return [
        {"unique_id": "Leisure", "ds": LAST.first, "level": "orange", "score": 7.0, "evidence": _evidence("down", "orange", -0.3, y, y / 0.7, 4, 7.0)}
    ]


def _lamps(alerts: list[dict[str, object]]) -> pl.DataFrame:
    """Every alarm still burns: since the shock, at the distance that its evidence names."""
    rows = []
    for a in alerts:
        said = json.loads(str(a["evidence"]))
        gap = math.log1p(said["change"]) * (1 if said["direction"] == "up" else -1)
        rows.append(
            {"unique_id": a["unique_id"], "ds": LAST.first, "level": a["level"], "direction": said["direction"], "since": SHOCK.first, "gap": gap}
        )
    return pl.DataFrame(rows)


def publish(data: Path, tables: dict[str, pl.DataFrame], nonce: str, notes: dict[str, object]) -> Published:
    """Publish tables as a run of their own."""
    lake = open_lake(data, engine="polars")
    with lake.begin(run_id(AT, nonce), at=AT, on="2025-08-31", code_hash="0" * 16) as run:
        run.notes.update(notes)
        for name, frame in tables.items():
            run.write(name, frame, step=name, inputs=())
        return run.publish(AT)


def write_city(data: Path, **tables: pl.DataFrame) -> Published:
    """Publish the city-like snapshot under `data`, with the mark of a made-up city beside it. tables: others in place of the made ones."""
    (data / "city").mkdir(parents=True, exist_ok=True)
    manifest = {"people": 2000, "seed": 7, "on": "2025-08-31", "region": "440600", "tables": {}}
    (data / "city" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return publish(data, _tables(_series(), with_intake=True) | tables, "city", {"kind": "city"})


def write_panel(data: Path) -> Published:
    """Publish a snapshot of a panel of one's own: region and industry are null, titles Chinese, no intake."""
    data.mkdir(parents=True, exist_ok=True)
    plain = {"Total": ("非农就业合计", "Total nonfarm employment", None, 0), "Leisure": ("休闲与住宿餐饮", "Leisure and hospitality", "Total", 1),
        "Goods": ("产品生产行业", "Goods-producing", "Total", 2)}  # fmt: skip
    leaf = {n: [_leaf("H" if n == "Leisure" else "C", "440605", m) for m in MONTHS] for n in ("Leisure", "Goods")}
    leaf["Total"] = [a + b for a, b in zip(leaf["Leisure"], leaf["Goods"], strict=True)]
    keys = {
        uid: {
            "unique_id": uid, "parent": parent, "indicator": None, "region": None, "industry": None, "occupation": None, "grp": None, "unit": None,
            "title_zh": zh, "title_en": en, "calm_direction": "down", "values": list(leaf[uid]),
        }
        for uid, (zh, en, parent, _) in plain.items()
    }  # fmt: skip
    tables = _tables(keys, with_intake=False)
    names = ("parent", "indicator", "region", "industry", "occupation", "grp", "unit")
    tables["panel_keys"] = tables["panel_keys"].with_columns(pl.col(n).cast(pl.String) for n in names)
    return publish(data, tables, "panel", {"kind": "panel"})


def today() -> date:
    """The day that the snapshot speaks of."""
    return date(2025, 8, 31)
