"""Search: reading a wish never fails and never invents, the index agrees with a slow BM25, a filter never hides what fits."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.match.places import district_place
from leye.match.search import Asked, read_wish
from leye.match.search.grams import bigrams, plain
from leye.match.search.index import K1, TITLE_TIMES, B, index_of
from leye.match.search.look import JobBank, monthly
from leye.match.search.wish import LONGEST, Wish

CITY = "440600"
PARTS = (
    "禅城",
    "高明区",
    "会计",
    "仓管",
    "五年",
    "3年",
    "五千以上",
    "日结180",
    "5-8k",
    "白天",
    "不上夜班",
    "兼职",
    "大专",
    "骑车20分钟",
    "5公里内",
    "，",
    " ",
)
LINES = st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=6).map("".join)
WORDS = st.text(alphabet="会计出纳仓管员厨师ABa1 。\n", max_size=8)
PAYS = st.none() | st.sampled_from([300_000, 500_000, 800_000])


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_a_wish_is_read_from_its_own_words(line: str) -> None:
    wish = read_wish(line, city=CITY)
    assert wish.text == line[:LONGEST] and read_wish(line, city=CITY) == wish
    left = Counter(plain(wish.text))
    assert not Counter(wish.words.replace(" ", "")) - left, "no sign is invented"
    spans = sorted((s.start, s.end) for s in wish.slots if s.source != "wish.employment_form")
    assert all(0 <= a < b <= len(wish.text) for a, b in spans)
    assert all(end <= start for (_a, end), (start, _b) in pairwise(spans)), "nothing is read twice"
    assert wish.pay_min_fen is None or wish.pay_min_fen >= 500


def slow_bm25(titles: list[str], texts: list[str], query: str) -> list[float]:
    """The formula written out, a document at a time."""
    docs = []
    for title, text in zip(titles, texts, strict=True):
        counts: Counter[int] = Counter()
        for gram in bigrams([title])[1].tolist():
            counts[gram] += TITLE_TIMES
        counts.update(bigrams([text])[1].tolist())
        docs.append(counts)
    mean = sum(sum(d.values()) for d in docs) / len(docs) or 1.0
    found = []
    for doc in docs:
        score = 0.0
        for gram in set(bigrams([query])[1].tolist()):
            n = sum(gram in d for d in docs)
            tf = doc[gram]
            rarity = math.log(1 + (len(docs) - n + 0.5) / (n + 0.5))
            score += rarity * tf * (K1 + 1) / (tf + K1 * (1 - B + B * sum(doc.values()) / mean)) if tf else 0.0
        found.append(score)
    return found


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6), WORDS)
@settings(max_examples=60, deadline=None)
def test_the_index_agrees_with_a_slow_bm25(docs: list[tuple[str, str]], query: str) -> None:
    titles, texts = [d[0] for d in docs], [d[1] for d in docs]
    assert np.allclose(index_of(titles, texts).scores(query), slow_bm25(titles, texts, query))


@given(st.lists(st.tuples(WORDS, PAYS, st.sampled_from(["440604", "440605"])), min_size=1, max_size=8), WORDS, PAYS, st.booleans())
@settings(max_examples=50, deadline=None)
def test_the_filter_keeps_all_that_fits_and_the_order_is_exact(
    rows: list[tuple[str, int | None, str]], words: str, least: int | None, by_place: bool
) -> None:
    jobs = pl.DataFrame(
        {
            "job_id": [f"J{k}" for k in range(len(rows))], "title": [r[0] for r in rows], "text": [""] * len(rows), "region": [r[2] for r in rows],
            "pay_max_fen": pl.Series([r[1] for r in rows], dtype=pl.Int64), "pay_min_fen": pl.Series([None] * len(rows), dtype=pl.Int64),
            "pay_period": ["month"] * len(rows), "posted_on": [date(2025, 8, 1 + k % 3) for k in range(len(rows))],
        }
    )  # fmt: skip
    query = " ".join(words.split())
    query = query if len(query) != 1 else ""  # one sign is looked for in the titles, another rule
    bank = JobBank(jobs)
    found = bank.look(Asked(Wish(query, words=query), place=district_place("440604") if by_place else None, pay_min_fen=least))
    score, pay = bank.index.scores(query), monthly(jobs)
    fits = [
        k for k in range(len(rows))
        if (not query or score[k] > 0) and (least is None or not pay[k] < least) and (not by_place or rows[k][2] == "440604")
    ]  # fmt: skip
    assert [h.row for h in found.hits] == sorted(fits, key=lambda k: (-round(float(score[k]), 9), -jobs["posted_on"][k].toordinal(), k))
    if not fits:
        assert all(h.differs or not h.score for h in found.by_distance)
