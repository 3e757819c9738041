"""Cube, flows, groups and gaps over the API: the figures of the pages, and the same suppression."""

from __future__ import annotations

import csv
import io
import shutil
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup

from leye.office.published import published_snapshot

PATHS = ("/api/cube?indicator=insured", "/api/flows", "/api/groups", "/api/groups/riders", "/api/gaps")


@pytest.fixture
def full_city(city_data: Any, settings: Any) -> Any:
    """A published run of the whole nightly, in this test's own folder."""
    shutil.copytree(city_data, settings.LEYE_DATA, dirs_exist_ok=True)
    return published_snapshot()


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", PATHS)
def test_strangers_and_other_roles_are_refused_and_before_the_first_run_it_says_so(path: str, signed_in: Any, client: Any) -> None:
    assert client.get(path).status_code == 401
    assert signed_in("counsellor").get(path).status_code == 403
    answer = signed_in("analyst").get(path)
    assert answer.status_code == 404 and answer.json()["detail"] == "先运行 leye run nightly"


WRONG = [
    ("/api/cube?indicator=nothing", 400, "E_CUBE_INDICATOR"),
    ("/api/cube?indicator=insured&axes=grp", 400, "E_CUBE_AXIS"),
    ("/api/cube?indicator=insured&axes=region&region=440605", 400, "E_CUBE_AXIS"),
    ("/api/cube?indicator=insured&order=worst", 422, "E_BAD_REQUEST"),
    ("/api/cube", 422, "E_BAD_REQUEST"),
    ("/api/groups/nobody", 404, "E_NOT_FOUND"),
]


@pytest.mark.parametrize(("path", "status", "code"), WRONG, ids=[w[0] for w in WRONG])
def test_wrong_questions_are_answered_in_words(path: str, status: int, code: str, full_city: Any, signed_in: Any) -> None:
    answer = signed_in("analyst").get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["title"] and answer.json()["title_en"]


def test_the_cube_is_the_downloads_cube(full_city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    for query in ("indicator=registered&axes=region&axes=grp", "indicator=insured_now&axes=industry&axes=occupation&axes=grp&region=440605"):
        body = client.get(f"/api/cube?{query}&limit=500").json()
        rows = table(client.get(f"/cube.csv?{query}"))
        assert body["total"] == len(rows) > 0 and body["run_id"] == full_city.run_id
        assert [str(c["n"]) if c["n"] is not None else "" for c in body["items"]] == [r["n"] for r in rows[:500]]
        assert body["cells_hidden"] == sum(not r["n"] for r in rows) > 0


def test_of_a_hidden_cell_nothing_is_told(full_city: Any, signed_in: Any) -> None:
    client, hidden = signed_in("analyst"), {r["cell"] for r in full_city.select("cube", pl.col("hidden"))}
    seen = 0
    for indicator in ("insured", "postings", "registered", "registrations", "postings_ads", "insured_now"):
        for cell in client.get(f"/api/cube?indicator={indicator}&limit=500").json()["items"]:
            assert cell["hidden"] == (cell["cell"] in hidden)
            if cell["hidden"]:
                seen += 1
                assert [cell[k] for k in ("n", "change", "surprise", "level", "since", "series")] == [None] * 6
            assert cell["n"] is None or cell["n"] == 0 or cell["n"] >= 10
    assert seen


def test_a_cell_opens_along_the_next_axis_down_to_the_last(full_city: Any, signed_in: Any) -> None:
    client, address, depth = signed_in("analyst"), "/cube?indicator=insured_now&axes=region", 0
    while True:
        page = BeautifulSoup(client.get(address).content.decode(), "html.parser")
        inside = page.select_one("table.cards tbody th a[href^='/cube']")
        if inside is None:
            break
        address, depth = inside["href"], depth + 1
        assert len(BeautifulSoup(client.get(address).content.decode(), "html.parser").select("ol.trail li")) == depth + 1
    assert depth == 3, "region, industry, occupation are held, and the groups are shown"


def test_parts_inside_a_cell_add_up_to_it_where_all_are_shown(full_city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    whole = client.get("/api/cube?indicator=insured_now&axes=region").json()["items"]
    for cell in whole:
        parts = client.get(f"/api/cube?indicator=insured_now&axes=industry&region={cell['region']}").json()
        shown = sum(p["n"] or 0 for p in parts["items"])
        assert shown <= cell["n"]
        assert shown == cell["n"] or parts["cells_hidden"] >= 2, "what is missing is never a single cell"


def test_flows_groups_and_gaps_are_the_pages_figures(full_city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    flows = client.get("/api/flows?grp=migrant_workers").json()
    assert flows["items"] and flows["grp"] in flows["groups"]
    assert all(p["n"] is None or p["n"] == 0 or p["n"] >= 10 for p in flows["items"])
    assert client.get("/api/flows?grp=nobody").json()["items"] == []
    groups = client.get("/api/groups").json()
    assert {g["id"]: g for g in groups}["riders"] == client.get("/api/groups/riders").json()
    counted = {(r["grp"], r["figure"]): r["n"] for r in table(client.get("/groups.csv")) if not r["policy"]}
    for g in groups:
        for figure, n in g["n"].items():
            assert ("" if n is None else str(n)) == counted.get((g["id"], figure), "")
    gaps = client.get("/api/gaps").json()
    newest = {r["unique_id"]: r for r in table(client.get("/gaps.csv"))}
    assert gaps and all(float(newest[g["unique_id"]]["ratio"]) == g["ratio"] for g in gaps)
