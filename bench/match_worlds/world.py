"""Made-up labour markets whose true chances are known: people and adverts in the columns of `match rank`, gaps and synonyms included.

The true chances are no score of the product: pay saturates, skills count more than in proportion, each pair has luck of its own that no column tells,
and every profile leaves out a part of what its person can do. So no ranking that sees the columns alone reaches the ceiling. Constants were set so
that filters with BM25 come to about .62, the figure of earlier worlds of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.match.columns import EDUCATION, NEEDS
from leye.match.skills import Skill, skills

ON = date(2025, 8, 31)
CITIES = ("440100", "440300", "440600", "441900")
TRADES = {
    "metal": "6180100", "ecommerce": "4010602", "retail": "4010200", "kitchen": "4030200", "care": "4100100", "driving": "4020200",
    "logistics": "4020600", "office": "3010200", "finance": "2060300", "it": "2021000", "electric": "6310103", "quality": "6310300",
}  # fmt: skip
"""Groups of the skill table, each with one occupation code of 2022 that stands for it."""
LEFT_OUT, BY_ANOTHER_NAME = 0.25, 0.3
"""Share of a person's skills that the profile does not list, and of skills in adverts and free text that stand under another name."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """people, jobs: the two tables · wants, hires: (people, jobs) true chances that the person accepts, and that the employer does · open:
    (people, jobs) whether the stated hard conditions hold, on what the columns say."""

    people: pl.DataFrame
    jobs: pl.DataFrame
    wants: Floats
    hires: Floats
    open: NDArray[np.bool_]

    @property
    def mutual(self) -> Floats:
        """(people, jobs) true chance that both say yes; 0 where a hard condition fails."""
        return self.wants * self.hires * self.open


def world(seed: int, people: int = 200, jobs: int = 2_000) -> World:
    """A market with the same seed is the same market."""
    dice = np.random.default_rng(seed)
    trades = list(TRADES)
    pool = [[s for s in skills() if s.group == t] for t in trades]
    place = dice.normal((22.9, 113.3), 0.35, (len(CITIES), 2))
    who, post = _side(dice, people, trades, pool), _side(dice, jobs, trades, pool)
    pay = np.exp(dice.normal(8.75, 0.25, jobs) + 0.12 * post.level)
    wish = np.exp(dice.normal(8.6, 0.25, people) + 0.12 * who.level)
    home = place[who.city] + dice.normal(0, 0.12, (people, 2))
    site = place[post.city] + dice.normal(0, 0.12, (jobs, 2))
    km = 111.2 * np.hypot(home[:, None, 0] - site[None, :, 0], 0.92 * (home[:, None, 1] - site[None, :, 1]))
    needs, gives = dice.random((people, len(NEEDS))) < 0.25, dice.random((jobs, len(NEEDS))) < 0.45
    covered, close = _covered(who, post), _close(who, post)
    gap = (who.level[:, None] - post.level[None, :]).astype(float)
    worth = np.log(pay[None, :] / wish[:, None])
    unmet = (needs[:, None, :] & ~gives[None, :, :]).sum(-1)
    shift_ok = who.shift[:, None] == post.shift[None, :]
    likes = 0.4 + 2.6 * np.tanh(2 * worth) - 0.035 * km - 0.45 * unmet + 0.6 * shift_ok + 1.1 * close + dice.normal(0, 0.4, (people, jobs))
    suits = -1.0 + 2.4 * covered**1.5 + 0.6 * close + 0.3 * np.minimum(gap, 0) + 0.25 * np.maximum(gap, 0).clip(0, 2)
    short = np.maximum(0, post.years[None, :] - who.years[:, None])
    suits += -0.2 * short + 0.15 * np.minimum(who.learnt[:, None] - post.learnt[None, :], 0) + dice.normal(0, 0.4, (people, jobs))
    on_offer = pay * np.exp(dice.uniform(0.02, 0.25, jobs))
    is_open = (who.city[:, None] == post.city[None, :]) & (np.round(on_offer)[None, :] >= np.round(wish)[:, None])
    tables = (_people(dice, who, wish, home, needs), _jobs(dice, post, pay, on_offer, site, gives))
    unsaid = tables[0]["education"].is_null().to_numpy()  # what is not known rejects nobody
    is_open &= ~post.strict[None, :] | unsaid[:, None] | (who.learnt[:, None] >= post.learnt[None, :])
    return World(*tables, 1 / (1 + np.exp(-likes)), 1 / (1 + np.exp(-suits)), is_open)


@dataclass(frozen=True)
class _Side:
    trade: NDArray[np.int64]
    second: NDArray[np.int64]  # a trade close to the own one; for people: done before
    city: NDArray[np.int64]
    level: NDArray[np.int64]
    years: Floats
    learnt: NDArray[np.int64]  # place in EDUCATION
    shift: NDArray[np.int64]
    strict: NDArray[np.bool_]
    has: list[list[Skill]]


def _side(dice: np.random.Generator, n: int, trades: list[str], pool: list[list[Skill]]) -> _Side:
    trade = dice.integers(0, len(trades), n)
    second = (trade + dice.integers(1, len(trades), n)) % len(trades)
    has = []
    for i in range(n):
        own, other = pool[trade[i]], pool[second[i]]
        first = dice.choice(len(own), min(len(own), int(dice.integers(3, 8))), replace=False)
        more = dice.choice(len(other), int(dice.integers(0, 3)), replace=False)
        has.append([own[k] for k in sorted(first)] + [other[k] for k in sorted(more)])
    level = dice.integers(0, 4, n)
    return _Side(
        trade, second, dice.integers(0, len(CITIES), n), level, np.round(np.maximum(0, 2.2 * level + dice.normal(1, 1.5, n)), 1),
        dice.choice(len(EDUCATION), n, p=(0.04, 0.2, 0.2, 0.18, 0.2, 0.14, 0.03, 0.01)), dice.choice(3, n, p=(0.7, 0.1, 0.2)),
        dice.random(n) < 0.4, has,
    )  # fmt: skip


def _covered(who: _Side, post: _Side) -> Floats:
    """(people, jobs) share of the asked skills that the person truly has."""
    names = {s.id: k for k, s in enumerate(skills())}
    mine, asked = (np.zeros((len(side.has), len(names))) for side in (who, post))
    for matrix, side in ((mine, who), (asked, post)):
        for i, held in enumerate(side.has):
            matrix[i, [names[s.id] for s in held]] = 1
    return (mine @ asked.T) / asked.sum(1)[None, :]


def _close(who: _Side, post: _Side) -> Floats:
    own, before = who.trade[:, None] == post.trade[None, :], who.second[:, None] == post.trade[None, :]
    return np.where(own, 1.0, np.where(before, 0.4, 0.0))


def _written(dice: np.random.Generator, skill: Skill) -> str:
    names = skill.aliases if skill.aliases and dice.random() < BY_ANOTHER_NAME else (skill.label,)
    return names[int(dice.integers(0, len(names)))]


SHIFTS = ("day", "night", "rotating")


def _people(dice: np.random.Generator, who: _Side, wish: Floats, home: Floats, needs: NDArray[np.bool_]) -> pl.DataFrame:
    trades, rows = list(TRADES), []
    for i, held in enumerate(who.has):
        listed = [s for s in held if dice.random() >= LEFT_OUT]
        said = [s for s in held if s not in listed and dice.random() < 0.5] + listed[:2]
        rows.append(
            {
                "person_id": f"P{i:08d}",
                "target_codes": [TRADES[trades[who.trade[i]]]],
                "current_code": TRADES[trades[who.second[i]]] if dice.random() < 0.3 else TRADES[trades[who.trade[i]]],
                "skills": [s.label for s in listed],
                "skill_levels": [int(np.clip(1 + who.level[i] + dice.integers(-1, 2), 1, 5)) for _ in listed],
                "relevant_years": float(who.years[i]) if dice.random() < 0.9 else None,
                "education": EDUCATION[who.learnt[i]] if dice.random() < 0.95 else None,
                "lat": float(home[i, 0]), "lon": float(home[i, 1]),
                "commute_max_km": float(dice.choice([10, 20, 30])) if dice.random() < 0.5 else None,
                "cities": [CITIES[who.city[i]]], "relocate": False,
                "pay_min_fen": round(wish[i]) * 100, "pay_period": "month", "forms": ["full_time"], "shifts": [SHIFTS[who.shift[i]]],
                "needs": [n for n, k in zip(NEEDS, needs[i], strict=True) if k],
                "text": "会" + "、".join(_written(dice, s) for s in said) + "，想找稳定的工作" if said else "想找稳定的工作",
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _jobs(dice: np.random.Generator, post: _Side, pay: Floats, most: Floats, site: Floats, gives: NDArray[np.bool_]) -> pl.DataFrame:
    trades, rows = list(TRADES), []
    for i, asked in enumerate(post.has):
        level = int(np.clip(1 + post.level[i], 1, 5))
        words = "、".join(_written(dice, s) for s in asked)
        rows.append(
            {
                "job_id": f"J{i:08d}",
                "title": f"{asked[0].label}岗位",
                "text": f"要求：{words}。{post.years[i]:.0f}年以上经验，月薪{pay[i]:.0f}-{most[i]:.0f}元。",
                "headcount": int(dice.integers(1, 4)),
                "hard": ["education_min"] if post.strict[i] else [],
                "occupation_code": TRADES[trades[post.trade[i]]],
                "skills_required": [s.label for s in asked],
                "skill_level_min": [level for _ in asked],
                "relevant_years_min": float(np.floor(post.years[i])),
                "education_min": EDUCATION[post.learnt[i]],
                "lat": float(site[i, 0]), "lon": float(site[i, 1]), "city": CITIES[post.city[i]],
                "pay_min_fen": round(pay[i]) * 100, "pay_max_fen": round(most[i]) * 100, "pay_period": "month", "form": "full_time",
                "shift": SHIFTS[post.shift[i]], "remote": False,
                "posted_on": ON - timedelta(days=int(dice.integers(0, 30))), "closes_on": ON + timedelta(days=30),
                "benefits": [n for n, k in zip(NEEDS, gives[i], strict=True) if k],
            }
        )  # fmt: skip
    return pl.DataFrame(rows)
