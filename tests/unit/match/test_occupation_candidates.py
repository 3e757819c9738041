"""Candidates of a title: the best classes of each head, ranks and names inside the title, each against the slow way."""

from __future__ import annotations

import numpy as np

from leye.match.occupations import candidates as module
from leye.match.occupations.candidates import MOST, Classes, candidates
from leye.match.occupations.heads import HEADS

NAMES = (("焊工", "电焊工"), ("厨师",), (), ("工",), *((),) * 56)


def classes() -> Classes:
    n = len(NAMES)
    codes = tuple(f"{k:07d}" for k in range(n))
    return Classes(codes, np.full(n, 4, np.int8), np.zeros((n, 3), np.int32), NAMES, np.zeros(n, np.float32))


def scores(titles: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    return {h: np.round(rng.normal(size=(titles, len(NAMES))), 1).astype(np.float32) for h in HEADS}


def test_ranks_count_the_classes_that_score_higher() -> None:
    held = scores(3)["labels"]
    title, klass = (a.astype(np.int32) for a in np.nonzero(np.ones_like(held, bool)))
    found = module._ranks(held, np.sort(held, axis=1), title, klass)
    assert found.tolist() == [int((held[t] > held[t, k]).sum()) for t, k in zip(title, klass, strict=True)]


def test_equals_at_the_edge_come_in_together_and_a_crowd_of_zeros_does_not() -> None:
    held = np.zeros((2, 60), np.float32)
    held[0, :3], held[1, :12] = (3, 2, 2), np.repeat((5, 4), 6)
    best = module._best(held, np.sort(held, axis=1), 7)
    assert np.flatnonzero(best[0]).tolist() == [0, 1, 2] and np.flatnonzero(best[1]).tolist() == list(range(12))


def test_a_title_has_the_same_candidates_alone_and_among_others() -> None:
    cleans, held = ["高级电焊工", "厨师 电焊工", ""], scores(3)
    together = candidates(cleans, held, classes())
    for t, clean in enumerate(cleans):
        own = candidates([clean], {h: held[h][t : t + 1] for h in HEADS}, classes())
        assert np.array_equal(own.x, together.x[together.title == t]) and np.array_equal(own.klass, together.klass[together.title == t])
        assert max(MOST.values()) <= len(own.klass) <= 2 * sum(MOST.values())


def test_names_inside_a_title_against_the_slow_way() -> None:
    cleans = ["高级电焊工", "厨师 电焊工", "焊工厨师", "x"]
    title, klass = (a.astype(np.int32).ravel() for a in np.mgrid[0:4, 0:4])
    longest, whole, ending, share, tail, is_all = module._by_name(cleans, title, klass, classes())
    for i, (t, k) in enumerate(zip(title, klass, strict=True)):
        text = cleans[t].replace(" ", "")
        inside = [n for n in NAMES[k] if n in text]
        assert longest[i] == max(map(len, inside), default=0)
        assert whole[i] == any(n in {cleans[t], text, *cleans[t].split()} for n in inside)
        assert ending[i] == max((len(n) for n in inside if text.endswith(n)), default=0)
        assert (share[i], tail[i]) == (np.float32(longest[i] / len(text)), np.float32(ending[i] / len(text)))
        assert is_all[i] == (longest[i] == len(text))
