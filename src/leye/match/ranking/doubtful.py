"""Posts whose pay nobody should believe: named to whoever runs the ranking, never dropped, for a known sum is a known sum."""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

from leye.match.adverts.pay import BELIEVED_FEN

_SHOWN = 5  # ids named in a line of a notice, the rest counted


def doubtful_pay(jobs: pl.DataFrame) -> list[str]:
    """Ids, sorted, of posts (typed by `tables.read_jobs`) with a sum outside `BELIEVED_FEN` of its period, or an upper end below the lower one."""
    ends = ("pay_min_fen", "pay_max_fen")
    outside = [(pl.col("pay_period") == period) & ~pl.col(end).is_between(*bounds) for period, bounds in BELIEVED_FEN.items() for end in ends]
    odd = reduce(or_, (o.fill_null(False) for o in (*outside, pl.col("pay_max_fen") < pl.col("pay_min_fen"))))
    return jobs.filter(odd)["job_id"].sort().to_list()


def lines(ids: list[str]) -> list[str]:
    """The notice for a terminal, Chinese and English; none without such a post."""
    if not ids:
        return []
    named = "、".join(ids[:_SHOWN]) + (" …" if len(ids) > _SHOWN else "")
    return [f"{len(ids)} 个岗位的工资不可信（为 0、过高，或上限低于下限），照写的数排序：{named} / pay beyond belief, ranked as written"]
