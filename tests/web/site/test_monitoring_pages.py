"""Cube, key groups, flows: what is shown, what is hidden, empty states, refusals, and the same figures in the downloads."""

from __future__ import annotations

import csv
import io
import shutil
from typing import Any

import polars as pl
import pytest

from leye.office.monitoring.flows import shown
from leye.office.monitoring.groups import may_show
from leye.office.published import published_snapshot
from leye.site.monitoring_words import chance_word

PAGES = ("/cube", "/groups", "/flows", "/gaps", "/groups/riders")


@pytest.fixture
def full_city(city_data: Any, settings: Any) -> Any:
    """A published run of the whole nightly, in this test's own folder."""
    shutil.copytree(city_data, settings.LEYE_DATA, dirs_exist_ok=True)
    return published_snapshot()


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("address", PAGES)
def test_pages_before_the_first_run_and_of_a_run_without_these_tables(address: str, signed_in: Any) -> None:
    answer = signed_in("analyst").get(address)
    assert answer.status_code == 200 and "还没有跑过数据" in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_run_without_these_tables_says_so(address: str, city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get(address))
    assert page.select_one("[role=status]") is not None and page.h1 is not None


@pytest.mark.parametrize("address", [*PAGES, "/cube.csv", "/groups.csv", "/flows.csv", "/gaps.csv"])
def test_only_the_analyst_and_nobody_without_login(address: str, city: Any, signed_in: Any, client: Any) -> None:
    assert signed_in("seeker").get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_an_unknown_group_is_not_found(signed_in: Any) -> None:
    assert signed_in("analyst").get("/groups/nobody").status_code == 404


def test_the_cube_shows_no_small_count_in_page_or_download(full_city: Any, signed_in: Any) -> None:
    rows = table(signed_in("analyst").get("/cube.csv?indicator=registered&axes=region&axes=grp"))
    assert rows and {r["n"] for r in rows if r["n"]} and all(not r["n"] or int(r["n"]) == 0 or int(r["n"]) >= 10 for r in rows)
    hidden = full_city.frame("cube").filter(pl.col("indicator") == "registered", pl.col("region") != "all", pl.col("grp") != "all")["hidden"].sum()
    assert sum(not r["n"] for r in rows) == hidden > 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?indicator=insured_now&axes=occupation&axes=grp",
        "?indicator=postings&axes=",
        "?indicator=nothing&axes=sex&page=99",
        "?order=share&region=440604&axes=region",
    ],
)
def test_any_choice_of_axes_answers(query: str, full_city: Any, signed_in: Any, soup: Any) -> None:
    answer = signed_in("analyst").get(f"/cube{query}")
    assert answer.status_code == 200 and soup(answer).select("table.cards tbody tr")


def test_lit_cells_come_first(full_city: Any, signed_in: Any) -> None:
    levels = [r["level"] for r in table(signed_in("analyst").get("/cube.csv?indicator=postings&axes=region&axes=industry"))]
    rank = [{"red": 4, "orange": 3, "yellow": 2, "blue": 1}.get(level, 0) for level in levels]
    assert rank == sorted(rank, reverse=True)


def test_groups_name_their_definition_and_count_what_the_run_counted(full_city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/groups/displaced"))
    assert "本产品口径" in page.text and "Autor" in page.text
    heads = next(r["n"] for r in full_city.rows("key_groups") if r["grp"] == "migrant_workers" and r["figure"] == "heads")
    assert f"{heads:,}" in soup(signed_in("analyst").get("/groups/migrant_workers")).select_one("dl.facts").text
    assert all(not r["n"] or int(r["n"]) == 0 or int(r["n"]) >= 10 for r in table(signed_in("analyst").get("/groups.csv")))


def test_flows_draw_a_chart_and_hide_small_counts(full_city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/flows?grp=migrant_workers"))
    assert page.select_one("figure.chart svg") is not None and page.select("table.cards tbody tr")
    spec = str(page.select_one("figure.chart")["data-chart"])
    assert signed_in("analyst").get(spec).json()["$schema"], "and the chart that answers the pointer"
    assert signed_in("counsellor").get(spec).status_code == 403
    rows = table(signed_in("analyst").get("/flows.csv"))
    assert any(r["mean"] for r in rows) and all(not r["n"] or int(r["n"]) == 0 or int(r["n"]) >= 10 for r in rows)


def test_a_series_says_its_chance_in_words(full_city: Any, signed_in: Any) -> None:
    row = full_city.frame("direction").drop_nulls("p_fall").row(0, named=True)
    text = signed_in("analyst").get(f"/series/{row['unique_id']}").content.decode()
    assert f"未来三个月下降的可能：{chance_word(row['p_fall'])}。" in text


def test_gaps_are_series_of_the_panel_with_intervals(full_city: Any) -> None:
    gaps = full_city.frame("gaps")
    assert {i.split("/")[0] for i in gaps["unique_id"]} <= {"gap_region", "gap_rural"} and gaps.height
    assert ((gaps["ratio_lo"] < gaps["ratio"]) & (gaps["ratio"] < gaps["ratio_hi"])).all()
    assert set(gaps["unique_id"]) <= set(full_city.series) and full_city.of_series("forecast", gaps["unique_id"][0])


COUNTS = [
    ([3, 50, 20], [None, 50, None], "one small count takes the next smallest with it"),
    ([3, 2, 20, 90], [None, None, None, 90], "two that make under ten take a third"),
    ([0, 12, 15], [0, 12, 15], "nobody is nobody"),
    ([5, None], [None, None], "unknown stays unknown"),
]


@pytest.mark.parametrize(("counts", "want", "why"), COUNTS, ids=[c[-1] for c in COUNTS])
def test_counts_beside_their_sum(counts: Any, want: Any, why: str) -> None:
    assert shown(counts) == want


def test_small_counts_are_unknown_and_none_is_none() -> None:
    assert [may_show(n) for n in (0, 1, 9, 10, None)] == [0, None, None, 10, None]


def test_the_cockpit_shows_the_worst_cells_each_with_a_way_into_it(full_city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    rows = soup(client.get("/cockpit")).select("section[aria-labelledby=cells] tbody tr")
    lit = full_city.select("cube", pl.col("level").is_not_null() & ~pl.col("hidden"))
    assert 0 < len(rows) <= 5 and len(lit) >= len(rows)
    for row in rows:
        assert row.select_one(".lamp") is not None
        assert soup(client.get(row.select_one("th a")["href"])).select("ol.trail li")


def test_no_cell_of_the_worst_lies_in_another() -> None:
    from leye.office.monitoring.cube import _in_one_another

    def cell(*axes: str) -> dict[str, str]:
        return dict(zip(("indicator", "region", "industry", "occupation", "grp"), axes, strict=True))

    one, inside = cell("insured", "r1", "H", "all", "all"), cell("insured", "r1", "H", "o1", "all")
    beside, other = cell("insured", "r2", "H", "all", "all"), cell("postings", "r1", "H", "all", "all")
    assert _in_one_another(one, inside) and _in_one_another(inside, one)
    assert not _in_one_another(one, beside) and not _in_one_another(one, other)
