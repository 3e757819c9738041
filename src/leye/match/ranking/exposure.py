"""Views shared out fairly: a floor for every post, a cap on the most shown, and nobody's list shorter for it.

A post's exposure is the number of lists it stands on. With m people, lists of k and n posts that anybody could be shown, the floor is
⌊SHARE · m · k / n⌋ lists a post (the producer's guarantee of Patro et al., FairRec, WWW 2020, with their α = SHARE), the cap is
max(1, ⌈CROWD · m · k · headcount / Σ headcount⌉). First every list takes its best posts under the cap, people by their place in the
file's id order and round by round; then posts below the floor take the last places of those lists that lose least by it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from leye.match.ranking.scan import Found

SHARE = 0.5
"""Part of the even share that is guaranteed. # chosen by us: half leaves the other half to relevance"""
CROWD = 20.0
"""How many times its even share a post may be shown. # chosen by us: the cap bites on the few posts that everybody is shown"""


def fair_lists(pools: list[Found], headcount: Any, top: int) -> list[Found]:
    """pools: each person's candidates, best first · headcount: (posts,), unknown counts as 1 · returns such lists, min(top, pool) each."""
    seen = np.unique(np.concatenate([p.rows for p in pools])) if pools else np.zeros(0, dtype=np.int64)
    places = {int(r): k for k, r in enumerate(seen)}
    heads = np.maximum(np.nan_to_num(np.asarray(headcount, dtype=np.float64)[seen], nan=1.0), 1.0)
    total = sum(min(top, len(p.rows)) for p in pools)
    cap = np.maximum(np.ceil(CROWD * total * heads / max(heads.sum(), 1.0)), 1).astype(np.int64)
    floor = math.floor(SHARE * total / max(len(seen), 1))
    views = np.zeros(len(seen), dtype=np.int64)
    chosen = _under_cap(pools, places, views, cap, top)
    _lift(pools, places, views, chosen, floor)
    return [_only(pool, sorted(mine)) for pool, mine in zip(pools, chosen, strict=True)]


def exposure(lists: list[Found], posts: int) -> dict[str, float]:
    """What the lists show: `unseen` share of posts on no list, `top_tenth` share of views on the most shown tenth, `gini` of views."""
    views = np.sort(np.bincount(np.concatenate([f.rows for f in lists]), minlength=posts)) if lists else np.zeros(posts)
    total = max(float(views.sum()), 1.0)
    gini = float(((2 * np.arange(1, posts + 1) - posts - 1) * views).sum() / (posts * total)) if posts else 0.0
    return {"unseen": float((views == 0).mean()), "top_tenth": float(views[posts - max(posts // 10, 1) :].sum() / total), "gini": gini}


def _under_cap(pools: list[Found], places: dict[int, int], views: Any, cap: Any, top: int) -> list[set[int]]:
    """Round by round each person's next post whose cap is not reached; who runs out of such posts takes the best of the rest: no list is shorter."""
    chosen: list[set[int]] = [set() for _ in pools]
    at = [0] * len(pools)
    for _ in range(top):
        for k, pool in enumerate(pools):
            while at[k] < len(pool.rows) and views[places[int(pool.rows[at[k]])]] >= cap[places[int(pool.rows[at[k]])]]:
                at[k] += 1
            if at[k] < len(pool.rows):
                chosen[k].add(at[k])
                views[places[int(pool.rows[at[k]])]] += 1
                at[k] += 1
    for k, pool in enumerate(pools):
        for c in range(len(pool.rows)):
            if len(chosen[k]) >= min(top, len(pool.rows)):
                break
            if c not in chosen[k]:
                chosen[k].add(c)
                views[places[int(pool.rows[c])]] += 1
    return chosen


def _lift(pools: list[Found], places: dict[int, int], views: Any, chosen: list[set[int]], floor: int) -> None:
    """Posts below the floor, in order, take a place from the candidate's own list where the score lost is smallest; no other post falls below."""
    offers: dict[int, list[tuple[float, int, int]]] = {}
    for k, pool in enumerate(pools):
        last = min((float(pool.score[c]) for c in chosen[k]), default=0.0)
        for c, row in enumerate(pool.rows.tolist()):
            if c not in chosen[k] and views[places[row]] < floor:
                offers.setdefault(places[row], []).append((last - float(pool.score[c]), k, c))
    for post in sorted(offers):
        for _loss, k, c in sorted(offers[post]):
            if views[post] >= floor:
                break
            spare = [x for x in sorted(chosen[k], reverse=True) if views[places[int(pools[k].rows[x])]] > floor]
            if spare:
                chosen[k].remove(spare[0])
                views[places[int(pools[k].rows[spare[0]])]] -= 1
                chosen[k].add(c)
                views[post] += 1


def _only(pool: Found, mine: list[int]) -> Found:
    from leye.match.ranking.scan import Found

    keep = np.array(mine, dtype=np.int64)
    return Found(pool.rows[keep], pool.person[keep], pool.employer[keep], pool.score[keep])
