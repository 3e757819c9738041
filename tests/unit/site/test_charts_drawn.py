"""Charts: true to their numbers, months that Chinese readers know, drawn once and kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import NotFound
from leye.kernel.period import Month
from leye.site.build import make_bundle
from leye.site.charts import store
from leye.site.charts.contributions import bars, shown
from leye.site.charts.fan import fan

MONTHS = [(Month(2024, 1) + i).first for i in range(20)]
HISTORY = [(m, None if i == 3 else 100.0 + i) for i, m in enumerate(MONTHS)]
AHEAD = [{"ds": (Month(2025, 9) + i).first, "mean": 120.0, "lo-80": 110.0, "hi-80": 130.0, "lo-95": 100.0, "hi-95": 140.0} for i in range(3)]


def spec_of(**more: Any) -> dict[str, Any]:
    return fan(HISTORY, AHEAD, title="招聘岗位数（个）", **more).to_dict()


def values_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def test_the_fan_holds_every_value_and_leaves_the_gap_open() -> None:
    seen = [r["y"] for r in values_of(spec_of()) if set(r) == {"ds", "y"}]
    assert seen == [v for _, v in HISTORY]


def test_dates_do_not_slip_west_of_greenwich() -> None:
    days = [r["ds"] for r in values_of(spec_of()) if set(r) == {"ds", "y"}]
    assert days[0].startswith("2024-01-01T00:00:00") and not days[0].endswith("Z")


def test_the_intervals_are_always_drawn_and_join_the_last_value() -> None:
    ahead = [r for r in values_of(spec_of()) if "lo95" in r]
    assert (ahead[0]["y"], ahead[0]["lo95"], ahead[0]["hi95"]) == (119.0, 119.0, 119.0)
    assert all(r["lo95"] <= r["lo80"] <= r["y"] <= r["hi80"] <= r["hi95"] for r in ahead)


def test_all_layers_share_one_axis_title_and_the_months_are_chinese() -> None:
    spec = spec_of()
    titles = {layer["encoding"]["y"].get("title") for layer in spec["layer"] if "y" in layer["encoding"]}
    assert titles == {"招聘岗位数（个）"}
    assert "1月" in json.dumps(spec, ensure_ascii=False) and "1月" not in json.dumps(spec_of(lang="en"), ensure_ascii=False)


def test_a_series_without_forecast_or_value_can_be_drawn() -> None:
    assert fan([(date(2024, 1, 1), None)], [], title="x").to_dict()["layer"]


def test_large_type_has_larger_text() -> None:
    assert spec_of(elder=True)["config"]["axis"]["labelFontSize"] == 20
    assert spec_of()["config"]["axis"]["labelFontSize"] == 14


def test_bars_keep_their_sum_when_the_small_ones_are_joined() -> None:
    rows = [{"label": f"t{i}", "value": float(v), "term": f"t{i}"} for i, v in enumerate([50, -40, 30, 8, -7, 6, 5, 4, -3, 2])]
    kept = shown(rows)
    assert len(kept) == 8 and kept[-1]["label"] == "其余各项"
    assert sum(r["value"] for r in kept) == pytest.approx(sum(r["value"] for r in rows))
    assert bars(kept, "个", elder=False, width=600).to_dict()["height"] == 40 + 32 * 8


def test_a_chart_is_drawn_once_and_read_after(tmp_path: Path) -> None:
    calls: list[int | str] = []

    def draw(width: int | str) -> Any:
        calls.append(width)
        return fan(HISTORY, AHEAD, title="x", width=width)

    name = store.Name("20250831T140000-00000000", "fan", "a/../b", "zh", False)
    with pytest.raises(NotFound):
        store.spec_text(tmp_path, name)
    first, second = store.drawn(tmp_path, name, draw), store.drawn(tmp_path, name, draw)
    assert first == second and first.startswith("<svg") and calls == [640, "container"]
    assert json.loads(store.spec_text(tmp_path, name))["width"] == "container"
    assert name.file(tmp_path, "svg").parent == tmp_path / "charts" / "20250831T140000-00000000", "an id cannot leave the folder"
    assert "style=" not in first and "<style" not in first, "the content policy would strip it"


def test_languages_and_type_sizes_have_drawings_of_their_own(tmp_path: Path) -> None:
    names = {store.Name("r", "fan", "u", lang, elder).file(tmp_path, "svg").name for lang in ("zh", "en") for elder in (False, True)}
    assert len(names) == 4


@pytest.mark.slow
def test_the_bundle_is_one_module_and_the_same_each_time(tmp_path: Path) -> None:
    first = make_bundle(tmp_path / "a").read_bytes()
    assert first == make_bundle(tmp_path / "b").read_bytes()
    assert b"as embed" in first[-400:] and 700_000 < len(first) < 1_200_000
