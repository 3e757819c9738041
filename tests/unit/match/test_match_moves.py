"""Moves between occupations: the pack, gaps worked by hand, the front against its definition, the sanity pairs, the ways."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.match.skills import labelled
from leye.match.transitions import Held, Market, find, gap, held_by, market_of, moves, nearest, path_to, profiles
from leye.match.transitions.gaps import CARRIES_OVER, joined, rarity
from leye.match.transitions.moves import beats, edge_cost, fronts, is_suggested, move, named
from leye.match.transitions.paths import STEP_HOURS
from leye.match.transitions.profiles import Profile, read_profiles, skills

HEAD = "code,names,education,months,skills,certificates,context\n"


def profile(**changes: object) -> Profile:
    base = Profile("4010204", ("甲",), "none", 1, {"收银": 3, "出纳": 1}, (), (), ())
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


def test_the_pack_is_large_enough_and_names_no_skill_twice() -> None:
    assert len(profiles()) >= 150
    known = [label for label in skills() if labelled(label) is not None]
    assert len(known) >= 0.85 * len(skills()), "labels are those of the skill table wherever it has the skill"
    jobs = pl.read_csv(Path(__file__).parents[3] / "src/leye/packs/city/jobs.csv", infer_schema=False)
    assert set(jobs["code"]) <= set(profiles())


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("9999999,甲,none,1,收银*3,,", "code"), ("4010204,甲,phd,1,收银*3,,", "education"), ("4010204,甲,none,0,收银*3,,", "months"),
        ("4010204,甲,none,1,变戏法*3,,", "skills"), ("4010204,甲,none,1,收银*2,,", "skills"), ("4010204,甲,none,1,收银*3|收银*1,,", "skills"),
        ("4010204,甲,none,1,收银*3,没有这证!,", "certificates"), ("4010204,甲,none,1,收银*3,,underwater", "context"), ("4010204,甲,none", ""),
        ("4010204,,none,1,收银*3,,", "names"), ("4010204,甲,none,1,收银*3,,\n4010204,乙,none,1,收银*3,,", "code"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_place(line: str, column: str, tmp_path: Path) -> None:
    file = tmp_path / "occupations.csv"
    file.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_profiles(file)
    assert refused.value.code == "E_PROFILE"
    assert (refused.value.places[0].column or "") == column


def test_a_gap_by_hand() -> None:
    target = profile(skills={"收银": 3, "现金核对": 3}, required=("健康证",), education="junior_college")
    found = gap(Held({"收银": 1.0}, frozenset(), None), target)
    both = rarity()["收银"] + rarity()["现金核对"]
    assert found.coverage == pytest.approx((rarity()["收银"] + CARRIES_OVER * rarity()["现金核对"]) / both), "one family carries over"
    assert [(m.label, m.hours) for m in found.missing] == [("现金核对", 8)], "12 h × (1 − 0.4), rounded up"
    assert (found.certificates, found.hours) == (("健康证",), 8 + 3)
    assert (found.levels, found.levels_at_most) == (None, 4), "schooling that nobody asked about is unknown, not none"


def test_own_words_only_add() -> None:
    cashier = profiles()["4010204"]
    plain, more = held_by(cashier), held_by(cashier, {"收银": 1, "数据标注": 5}, ("健康证",), "bachelor")
    assert all(more.skills[label] >= value for label, value in plain.skills.items())
    assert more.skills["数据标注"] == 1.0 and more.education == "bachelor" and "健康证" in more.certificates


@pytest.mark.parametrize("code", ["4010204", "2060300", "4100801", "6310103"])
def test_to_be_of_the_trade_is_to_have_no_gap(code: str) -> None:
    found = gap(held_by(profiles()[code]), profiles()[code])
    assert (found.coverage, found.hours, found.missing, found.certificates) == (pytest.approx(1.0), 0, (), ())


PAIRS = [
    ("会计", {"2060714", "2060400", "4040506"}, "数据合规、区块链审计"),
    ("外卖骑手", {"3010402", "4020205", "4020603", "4020406"}, "网格员、仓储调度、无人机操作"),
    ("文案", {"4040505"}, "AI训练师"),
    ("收银员", {"4040503"}, "电商客服质检"),
]


@pytest.mark.parametrize(("source", "expected", "why"), PAIRS, ids=[p[0] for p in PAIRS])
def test_sanity_pairs_stand_among_the_five_without_any_figure(source: str, expected: set[str], why: str) -> None:
    start = find(source)
    assert start is not None
    shown = moves(held_by(start), Market(), source=start.code)
    assert 2 <= len(shown) <= 5
    assert {m.target.code for m in shown} & expected, why


@pytest.mark.parametrize("source", sorted(profiles())[::17])
def test_the_five_are_of_the_first_front_where_it_is_long_enough_and_never_the_own(source: str) -> None:
    market = Market(
        pay={c: 400_000 + 1000 * i for i, c in enumerate(profiles())}, exposures=dict.fromkeys(profiles(), (0.2, 0.4)), on=date(2025, 8, 31)
    )
    held = held_by(profiles()[source])
    every = [m for c, p in profiles().items() if c != source and is_suggested(m := move(held, p, market, market.pay[source]))]
    first = [m for m in every if not any(beats(o, m) for o in every)]
    shown = moves(held, market, source=source)
    assert {m.target.code for m in fronts(every) if m.front == 1} == {m.target.code for m in first}
    if len({m.target.code[:5] for m in first}) >= 5:
        assert all(m.front == 1 for m in shown)
    assert source not in {m.target.code for m in shown}
    assert [m.distance for m in shown] == sorted(m.distance for m in shown)


def test_nobody_is_beaten_for_want_of_figures() -> None:
    held, market = held_by(profiles()["4010204"]), Market(pay={"4010203": 900_000})
    near, far = move(held, profiles()["4010203"], market, 500_000), move(held, profiles()["4040505"], market, 500_000)
    assert near.distance < far.distance and not beats(near, far), "the far one's pay is unknown and may be better"
    with_pay = dataclasses.replace(far, pay_change=-0.2)
    assert beats(near, with_pay)


def test_there_and_back_the_pay_cancels() -> None:
    figure = Market().figure("4010204")
    assert edge_cost(0.0, 0.25, figure) + edge_cost(0.0, -0.2, figure) == pytest.approx(0.0)


def test_a_way_round_is_shorter_in_its_longest_step_and_pays() -> None:
    rider = profiles()["4100801"]
    held, found = held_by(rider), 0
    for target in profiles().values():
        way = path_to(held, target, Market(), source=rider.code)
        direct = gap(held, target).hours
        assert way.steps[-1].to == target
        if len(way.steps) == 2:
            found += 1
            assert way.longest <= 0.75 * direct and way.steps[0].gap.hours <= STEP_HOURS
            assert way.steps[1].gap == gap(joined(held, way.steps[0].to), target)
        else:
            assert way.hours == direct
    assert found > 5


def test_names_are_found_and_unknown_ones_have_three_neighbours() -> None:
    assert [p.code if (p := find(w)) else None for w in ("收银员", "AI训练师", "ＡＩ训练师", "4010204", "外卖员", "飞船舰长")] == [
        "4010204", "4040505", "4040505", "4010204", "4100801", None,
    ]  # fmt: skip
    assert nearest("超市收银大姐")[0].profile.code == "4010204"
    assert len(nearest("仓库打包员工")) == 3 and nearest("") == [] and nearest("🙂") == []


def test_pay_is_of_the_occupation_or_of_a_group_that_pays_alike() -> None:
    rows = [("4010203", 4000), ("4010203", 4200)] * 3 + [("4010204", 4400)] * 6 + [("4040501", 12000)] * 9 + [("4040505", 5000)] * 9
    jobs = pl.DataFrame(
        {"posted_on": date(2025, 5, 1), "occupation": [c for c, _ in rows], "wage_min_fen": [100 * y for _, y in rows],
        "wage_max_fen": [100 * y for _, y in rows]}
    )  # fmt: skip
    market = market_of(jobs, date(2025, 8, 31), trends={"4010000": "rising", "4040000": "unknown"})
    assert (market.figure("4010203").pay_fen, market.figure("4010204").pay_fen) == (410_000, 440_000)
    assert (market.figure("4010206").pay_fen, market.figure("4010206").pay_of) == (420_000, "40102"), "4100 and 4400 are alike: their middle"
    assert market.figure("4040503").pay_fen is None, "programmers say nothing of a call centre"
    assert (market.figure("4010206").ads, market.figure("4010206").trend, market.figure("4040503").trend) == (0, 1, None)


def test_order_of_the_ads_changes_nothing() -> None:
    jobs = pl.DataFrame(
        {"posted_on": date(2025, 5, 1), "occupation": ["4010203", "4010204"] * 6, "wage_min_fen": range(12), "wage_max_fen": range(400_000, 400_012)}
    )
    assert market_of(jobs, date(2025, 8, 31)) == market_of(jobs.reverse(), date(2025, 8, 31))


def test_nothing_is_called_best_paid_while_the_pay_of_another_is_unknown() -> None:
    shown = [move(Held({"收银": 1.0}, frozenset(), None), profiles()[code], Market(), None) for code in ("4010203", "4030101", "4030205")]
    paid = [dataclasses.replace(m, pay_change=change) for m, change in zip(shown, (0.1, 0.3, 0.2), strict=True)]
    assert [("pay" in m.best_in) for m in named(paid)] == [False, True, False]
    half = [dataclasses.replace(paid[0], pay_change=None), *paid[1:]]
    assert not any("pay" in m.best_in for m in named(half))
