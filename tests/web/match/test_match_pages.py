"""Matches on the pages: sealed lists only, explained on both sides, hidden and liked without harm, recommended with consent, closed jobs left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from leye.kernel.errors import BadInput, Conflict, NotFound
from leye.lake import open_lake
from leye.match.profile import Claim
from leye.office.decisions.batch import BatchRun, decide_batch
from leye.office.decisions.models import Decision
from leye.office.matches import actions, own_list, queries
from leye.office.matches.models import Feedback, MatchRun, OwnList, Recommendation
from leye.office.matches.own_list import match_now, rows_of
from leye.office.matches.people import answered
from leye.office.matches.sealing import ALGO, PURPOSE, SAYS, _changed, people_lists, seal_matches
from leye.office.profiles.actions import confirm
from leye.office.published import published_snapshot
from leye.office.registry.cards import features_of, running_version
from leye.office.searches import bank as bank_room
from leye.site import match_words

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
AT = datetime(2025, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def run_of_city(settings: Any, town: Path, city_data: Path, register: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The demo city's run. town: comes first, for it writes into the test's own folder, not into the city."""
    monkeypatch.delenv("LEYE_NOW")
    settings.LEYE_DATA = city_data
    snapshot = published_snapshot()
    assert snapshot is not None
    return snapshot


@pytest.fixture
def night(run_of_city: Any, person: dict[str, Any]) -> Any:
    """The same with one person's list sealed: sealing all of a city in each test costs more than the tests."""
    version = running_version(ALGO)
    rows = run_of_city.frame("matches").filter(pl.col("person_id") == person["id"])
    run = BatchRun(ALGO, version, PURPOSE, features_of(ALGO, version), run_of_city.run_id, AT, person["region"])
    decide_batch(run, people_lists(rows, date(2025, 8, 31), run))
    for region in {r or "" for r in run_of_city.frame("matches")["region"]}:
        MatchRun.objects.create(run_id=run_of_city.run_id, region=region, people=1, at=AT)
    return run_of_city


@pytest.fixture
def person(run_of_city: Any, city_data: Path) -> dict[str, Any]:
    """A seeker with a full list, and the counsellor of their grid."""
    ids = run_of_city.frame("matches").group_by("person_id").len().filter(pl.col("len") >= 5).sort("person_id")["person_id"]
    people = pl.read_parquet(city_data / "city" / "people.parquet").filter(pl.col("person_id").is_in(ids.implode()), pl.col("region").is_not_null())
    row = people.sort("person_id").row(0, named=True)
    grid = pl.read_parquet(city_data / "city" / "grids.parquet").filter(pl.col("grid_id") == row["grid_id"]).row(0, named=True)
    return {"id": row["person_id"], "counsellor": grid["counsellor_id"], "region": grid["region"]}


def page(client: Any, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_every_list_has_its_leaf_and_a_second_sealing_adds_none(run_of_city: Any, city_data: Path) -> None:
    people = run_of_city.frame("matches")["person_id"].n_unique()
    assert seal_matches(open_lake(city_data), run_of_city.run_id) == people
    assert Decision.objects.filter(algo="match.rank", run_id=run_of_city.run_id).count() == people
    assert seal_matches(open_lake(city_data), run_of_city.run_id) == 0
    assert Decision.objects.filter(algo="match.rank").count() == people


def test_a_list_that_is_not_sealed_is_not_shown(night: Any, person: dict[str, Any]) -> None:
    assert queries.matches_of(person["id"]).shown
    MatchRun.objects.all().delete()
    assert not queries.matches_of(person["id"]).shown


def test_three_explained_jobs_come_first_with_their_receipt(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("seeker", subject=person["id"])
    cards = page(client, "/my/matches").select("li.card")
    assert len(cards) == 3
    for card in cards:
        assert card.select("h3") and card.select("ul li"), "an explained job"
        receipt = card.find("a", string="看依据和回执，不对就申诉")
        assert receipt is not None and client.get(receipt["href"]).status_code == 200


def test_a_changed_profile_makes_the_list_in_the_same_request(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("seeker", subject=person["id"])
    before = queries.matches_of(person["id"])
    client.post("/my/profile/save", {"skills": "账务处理", "seen": "0"})
    assert queries.matches_of(person["id"]).shown == (), "nothing may be used yet: no list is better than one made of nothing"
    text = page(client, "/my/matches").text
    assert "还没有同意用哪几项来匹配" in text and "现在就排" not in text
    client.post("/my/profile/share", {"share-skills-match": "1"})
    after = queries.matches_of(person["id"])
    assert after.made_at is not None and before.made_at is None
    assert after.shown[0].decision != before.shown[0].decision, "another list, another leaf"
    text = page(client, "/my/matches").text
    assert "现在就排" not in text and "每天夜里再排一次" in text
    assert client.get(f"/my/decisions/{after.shown[0].decision.pk}").status_code == 200


def test_an_equal_list_is_not_sealed_twice_by_day_or_by_night(night: Any, person: dict[str, Any], user_of: Make, at: Any) -> None:
    me = user_of("seeker", subject=person["id"])
    confirm([Claim("skills", "账务处理", "self")], acting_user=me, at=at, shared={"skills": ["match"]})
    first, second = (match_now(acting_user=me, at=timezone.now()) for _click in range(2))
    assert first.decision == second.decision and OwnList.objects.count() == 1
    rows = pl.DataFrame(rows_of(second)).with_columns(region=pl.lit(person["region"])).select(*SAYS, "region")
    tonight = rows.cast(dict(night.frame("matches").select(*SAYS).schema))
    assert _changed(night.lake, person["region"], tonight).is_empty(), "the night finds the same list and adds no leaf"
    assert _changed(night.lake, person["region"], tonight.with_columns(rank=pl.col("rank") + 1))["person_id"].to_list() == [person["id"]]


def test_a_list_made_by_day_holds_a_post_of_this_morning(night: Any, person: dict[str, Any], user_of: Make, at: Any, monkeypatch: Any) -> None:
    bank = bank_room.bank_now()
    best = queries.matches_of(person["id"]).shown[0].job
    fresh = bank.jobs.jobs.filter(pl.col("job_id") == best["job_id"]).with_columns(job_id=pl.lit("J-this-morning"))
    now_open = bank_room.bank_of(pl.concat([bank.jobs.jobs, fresh]).sort("job_id"), bank.on)
    for room in (queries, own_list):
        monkeypatch.setattr(room, "bank_now", lambda: now_open)
    match_now(acting_user=user_of("seeker", subject=person["id"]), at=timezone.now())
    assert "J-this-morning" in [m.job_id for m in queries.matches_of(person["id"]).shown]


def test_withdrawing_ends_the_list_and_deleting_deletes_it(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("seeker", subject=person["id"])
    client.post("/my/profile/save", {"skills": "账务处理", "seen": "0"})
    client.post("/my/profile/share", {"share-skills-match": "1"})
    client.post("/my/profile/withdraw")
    assert not queries.matches_of(person["id"]).shown and "您停用了画像" in page(client, "/my/matches").text
    assert "没有可以用来匹配的内容" in client.post("/my/matches/now").content.decode()
    client.post("/my/profile/restore/1")
    assert queries.matches_of(person["id"]).shown
    client.post("/my/profile/delete", {"sure": "1"})
    assert not OwnList.objects.exists()


def test_an_open_breaker_keeps_the_change_and_shows_no_new_list(night: Any, person: dict[str, Any], signed_in: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr("leye.office.decisions.batch.breaker_state", lambda *_place: "open")
    client = signed_in("seeker", subject=person["id"])
    assert client.post("/my/profile/save", {"skills": "账务处理", "seen": "0"}).status_code == 302
    assert client.post("/my/profile/share", {"share-skills-match": "1"}).status_code == 302
    assert not OwnList.objects.exists() and "现在就排" in page(client, "/my/matches").text


def test_what_an_employer_was_shown_is_not_the_receipt_of_ones_own_list(night: Any, person: dict[str, Any]) -> None:
    mine = queries.matches_of(person["id"]).shown[0].decision
    version = running_version(ALGO)
    rows = night.frame("matches").filter(pl.col("person_id") == person["id"])
    run = BatchRun(ALGO, version, "candidate_order", features_of(ALGO, version), night.run_id, AT, person["region"])
    decide_batch(run, people_lists(rows, date(2025, 8, 31), run))
    assert queries.matches_of(person["id"]).shown[0].decision == mine


def test_hiding_takes_one_job_away_and_changes_nothing_else(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("seeker", subject=person["id"])
    before = [m.job_id for m in queries.matches_of(person["id"]).shown]
    client.post(f"/my/matches/{before[0]}/say", {"word": "hide"})
    assert [m.job_id for m in queries.matches_of(person["id"]).shown] == before[1:]
    client.post(f"/my/matches/{before[0]}/undo")
    assert [m.job_id for m in queries.matches_of(person["id"]).shown] == before


def test_a_word_twice_or_an_unknown_one_is_refused_by_name(night: Any, person: dict[str, Any], user_of: Make, at: Any) -> None:
    me, job_id = user_of("seeker", subject=person["id"]), queries.matches_of(person["id"]).shown[0].job_id
    actions.say_of(job_id, "like", acting_user=me, at=at)
    with pytest.raises(Conflict, match="已经记过了"):
        actions.say_of(job_id, "hide", acting_user=me, at=at)
    with pytest.raises(BadInput):
        actions.say_of(job_id, "love", acting_user=me, at=at)
    with pytest.raises(NotFound):
        actions.say_of("nix", "like", acting_user=me, at=at)
    assert Feedback.objects.count() == 1


def test_a_job_that_closed_after_the_night_is_left_out_and_counted(night: Any, person: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    before = queries.matches_of(person["id"])
    bank = bank_room.bank_now()
    rest = bank.jobs.jobs.filter(pl.col("job_id") != before.shown[0].job_id)
    monkeypatch.setattr(queries, "bank_now", lambda: bank_room.bank_of(rest, bank.on))
    after = queries.matches_of(person["id"])
    assert [m.job_id for m in after.shown] == [m.job_id for m in before.shown[1:]] and after.closed == 1


def test_the_counsellor_sees_both_sides_and_the_look_is_recorded(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    from leye.office.privacy.models import ReadAccess

    client = signed_in("counsellor", subject=person["counsellor"], region=person["region"])
    text = page(client, f"/people/{person['id']}/matches").text
    assert "岗位为什么适合这个人" in text and "这个人为什么适合岗位" in text
    assert ReadAccess.objects.filter(purpose="case_work").exists()


def test_the_counsellor_reads_only_what_the_profile_shows_to_counsellors() -> None:
    def of(*features: str) -> dict[str, Any]:
        return {"base": 0.0, "logit": 0.0, "items": [{"feature": f, "contribution": 0.1, "text": f} for f in features]}

    missing = [{"feature": "skills", "ask": "learn"}, {"feature": "shift", "ask": "shift"}]
    reasons = {"person": of("pay", "cities"), "employer": of("skills", "education"), "hard": [], "missing": missing}
    told = queries.told_to_desk(reasons, {"education"})
    assert [[i["feature"] for i in told[s]["items"]] for s in ("person", "employer")] == [[], ["education"]]
    assert told["missing"] == missing[1:], "an open question stays, what somebody lacks does not"


def test_somebody_elses_people_are_not_found(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("counsellor", subject="C99999999", region=person["region"])
    assert client.get(f"/people/{person['id']}/matches").status_code == 404
    assert client.post(f"/people/{person['id']}/matches/J1/recommend", {"consent": "电话里同意"}).status_code == 404


def test_a_recommendation_needs_consent_and_comes_first(night: Any, person: dict[str, Any], signed_in: Make) -> None:
    client = signed_in("counsellor", subject=person["counsellor"], region=person["region"])
    last = queries.matches_of(person["id"]).shown[-1].job_id
    path = f"/people/{person['id']}/matches/{last}/recommend"
    assert "没有写本人怎样同意" in client.post(path, {"consent": " "}).content.decode()
    assert client.post(path, {"consent": "8月31日电话里同意", "words": "离家近"}).status_code == 302
    assert "已经记过了" in client.post(path, {"consent": "8月31日电话里同意"}).content.decode()
    found = queries.matches_of(person["id"])
    assert found.shown[0].job_id == last and found.shown[0].recommended is not None
    kept = bytes(Recommendation.objects.get().sealed)
    assert "电话".encode() not in kept, "what the person said lies encrypted"


def test_employers_are_shown_people_of_the_same_table(night: Any) -> None:
    from leye.match.columns import PEOPLE
    from leye.office.applications.ranking import ranked, seekers_of

    people = seekers_of(night, date(2025, 8, 31))
    assert people.columns == list(PEOPLE) and people.height > 0
    found = ranked(people, {"job_id": "J1", "title": "会计"}, date(2025, 8, 31), 3)
    assert len(found) == 3 and found[0]["score"] >= found[-1]["score"]


def test_an_answer_fills_what_is_unknown_and_nothing_else(night: Any, person: dict[str, Any], user_of: Make, at: Any) -> None:
    from leye.office.matches.people import people_frame

    desk = user_of("counsellor", subject=person["counsellor"], region=person["region"])
    people = people_frame(night.lake.data, date(2025, 8, 31))
    mine = people.filter(pl.col("person_id") == person["id"]).with_columns(shifts=pl.lit(None, dtype=pl.List(pl.String)))
    with pytest.raises(BadInput):
        actions.answer_question(person["id"], "sex", "F", how="电话里说的", acting_user=desk, at=at)
    actions.answer_question(person["id"], "shifts", "night", how="电话里说的", acting_user=desk, at=at)
    actions.answer_question(person["id"], "shifts", "day", how="电话里改口了", acting_user=desk, at=at)
    assert answered(mine)["shifts"].to_list() == [["day"]], "the newer answer counts"
    assert answered(mine).drop("shifts").equals(mine.drop("shifts"))
    known = mine.with_columns(shifts=pl.Series([["night"]], dtype=pl.List(pl.String)))
    assert answered(known)["shifts"].to_list() == [["night"]], "what is known stays"


def test_jobs_with_few_candidates_come_with_their_count(night: Any, signed_in: Make) -> None:
    client = signed_in("counsellor", subject="C00000000", region="440604")
    rows = client.get("/thin-vacancies.csv").content.decode("utf-8-sig").splitlines()
    counts = [int(r.split(",")[-2]) for r in rows[1:]]
    assert counts == sorted(counts) and all(n < queries.FEW for n in counts)
    assert client.get("/thin-vacancies").status_code == 200


def test_groups_are_named_with_the_band_that_ends_in_a_plus() -> None:
    assert [match_words.value_word(g) for g in ("60+", "M+60++urban", "F+16-24")] == ["60+", "男 × 60+ × 非农业", "女 × 16-24"]


def test_the_auditor_sees_rates_flips_and_the_probe(night: Any, signed_in: Make) -> None:
    client = signed_in("auditor")
    text = page(client, "/fairness/matches").text
    assert "改了不该算的，结果变不变" in text and night.run_id in text
    for table in queries.TABLES:
        assert client.get(f"/fairness/matches/{table}.csv").status_code == 200
    assert client.get("/fairness/matches/nix.csv").status_code == 404


@pytest.mark.parametrize("path", ["/my/matches", "/thin-vacancies", "/fairness/matches"])
def test_before_the_first_night_pages_say_so(path: str, signed_in: Make) -> None:
    role = {"/my/matches": "seeker", "/thin-vacancies": "counsellor", "/fairness/matches": "auditor"}[path]
    assert signed_in(role, subject="P00000001").get(path).status_code == 200
