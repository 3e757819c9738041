"""Old occupation codes in the two tables: read as the ones in force on the day, and told; unknown ones are named, titles are refused."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.match.ranking import codes_read, rank, read_jobs, read_people
from leye.match.ranking.codes_in_force import in_force

OLD, NEW = "4010207", "4010602"  # 互联网营销师 of the notice of 2020, and of the 2022 edition
PERSON = {"person_id": "p", "cities": ["330100"]}
JOB = {"job_id": "j", "city": "330100"}
DAY, BEFORE = date(2026, 11, 1), date(2021, 6, 1)

SIDES = [
    ({"target_codes": [OLD]}, {"occupation_code": NEW}, "wish"),
    ({"current_code": OLD}, {"occupation_code": NEW}, "work"),
    ({"target_codes": [NEW]}, {"occupation_code": OLD}, "post"),
    ({"current_code": NEW}, {"occupation_code": "2020102", "accept_codes": ["4-01-02-07"]}, "accepted"),
    ({"target_codes": [OLD, NEW]}, {"occupation_code": NEW}, "both"),
]


@pytest.mark.parametrize(("person", "job", "why"), SIDES, ids=[s[-1] for s in SIDES])
def test_an_old_code_ranks_as_the_one_in_force(person, job, why) -> None:
    def scores(fields: tuple[dict, dict], day: date) -> tuple[float, float, str]:
        return rank(pl.DataFrame([PERSON | fields[0]]), pl.DataFrame([JOB | fields[1]]), on=day).select("p_person", "p_employer", "reasons").row(0)

    def written(fields: dict) -> dict:
        swap = {OLD: NEW, "4-01-02-07": NEW}
        return {k: list(dict.fromkeys(swap.get(x, x) for x in v)) if isinstance(v, list) else swap.get(v, v) for k, v in fields.items()}

    assert scores((person, job), DAY) == scores((written(person), written(job)), DAY)


def test_before_the_edition_an_old_code_means_what_it_meant() -> None:
    people = read_people(pl.DataFrame([PERSON | {"target_codes": [OLD]}]))
    assert in_force(people, BEFORE)["target_codes"].to_list() == [[OLD]]
    assert in_force(people, date(2022, 9, 30))["target_codes"].to_list() == [[OLD]]
    assert in_force(people, date(2022, 10, 1))["target_codes"].to_list() == [[NEW]]
    assert in_force(people, date(1999, 1, 1))["target_codes"].to_list() == [[OLD]], "before the first table nothing is known to be old"


def test_digits_that_were_given_out_again_keep_their_new_meaning() -> None:
    people = read_people(pl.DataFrame([PERSON | {"current_code": "4-02-07-10"}]))
    assert in_force(people, DAY)["current_code"].to_list() == ["4020710"], "国际快递业务师 since the edition, 网约配送员 before"


def test_lists_keep_their_kinds_of_nothing() -> None:
    wishes = pl.Series([None, [], [OLD, NEW, "2"]], dtype=pl.List(pl.String))
    people = read_people(pl.DataFrame({"person_id": ["a", "b", "c"], "target_codes": wishes}))
    assert in_force(people, DAY)["target_codes"].to_list() == [None, [], [NEW, "2000000"]]


def test_what_was_renewed_and_what_is_unknown_is_told() -> None:
    people = read_people(pl.DataFrame([PERSON | {"target_codes": [OLD, "9-99-99-99"], "current_code": "2-06"}]))
    jobs = read_jobs(pl.DataFrame([JOB | {"occupation_code": OLD}]))
    told = codes_read((people, jobs), DAY)
    assert told.renewed == {OLD: NEW}
    assert told.unknown == ("9999999",)
    assert [line.split(" / ")[0] for line in told.lines()] == [
        "1 个旧职业代码按现行代码读：4010207→4010602", "职业表里没有这 1 个代码，按原样比较：9999999",
    ]  # fmt: skip
    assert codes_read((), DAY).lines() == []


@pytest.mark.parametrize(("column", "value"), [("target_codes", ["2060103", "会计"]), ("current_code", "会计"), ("target_codes", ["20601030"])])
def test_a_title_in_place_of_a_code_is_refused_by_place(column, value) -> None:
    with pytest.raises(BadInput, match=column) as refused:
        read_people(pl.DataFrame([PERSON, {"person_id": "q", column: value}]))
    assert refused.value.code == "E_RANK_VALUE"
    assert refused.value.places[0].row == 3


def test_marks_hyphens_and_full_width_digits_are_one_code() -> None:
    people = read_people(pl.DataFrame([PERSON | {"target_codes": ["2-02-10-03 S", "２０２１００３", "2021003L/S"]}]))
    assert people["target_codes"].to_list() == [["2021003"] * 3]
