"""Marks as they are stored: one row a person with a mask of the yes's, a mask of the unknowns, and only the amounts that are known.

Few masks occur among many people and amounts are rare, so this is far smaller than a column per policy (bench/policy).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from leye.policy.marks import Marker, RuleClass
from leye.policy.pack import PackSet

Schema = dict[str, Any]
_ROW = "_row"


def wide_schema() -> Schema:
    """Bit i of `yes` and `unknown` is policy i of the bits file; `amounts_fen` has a place per set bit, lowest first, null where unknown."""
    return {"person_id": pl.String, "yes": pl.UInt64, "unknown": pl.UInt64, "amounts_fen": pl.List(pl.Int64)}


@dataclass(frozen=True, slots=True)
class Bits:
    """Which bit stands for which policy: ids in order, at most 64."""

    policies: tuple[str, ...]

    @classmethod
    def of(cls, packs: PackSet) -> Bits:
        """The bits of some packs: policies in their order. Raises ValueError over 64."""
        if len(packs.policies) > 64:
            raise ValueError(f"64 policies fit a mask, not {len(packs.policies)}")
        return cls(tuple(packs.policies))

    def write_beside(self, marks: Path) -> Path:
        """`<marks>.bits.json`: the policies in the order of their bits."""
        file = marks.with_name(marks.name + ".bits.json")
        file.write_text(json.dumps({"policies": list(self.policies)}, ensure_ascii=False) + "\n", encoding="utf-8")
        return file

    def mark(self, marker: Marker, typed: pl.DataFrame) -> pl.DataFrame:
        """Typed people (`Marker.typed`) as one row a person, in their order: what `widen` makes of their marks, at a third of the work.

        Only the places of yes's and unknowns are carried, by number of the row; nothing is grouped by name and no list of missing facts is made.
        """
        rows = typed.with_row_index(_ROW)
        frames = [frame for one, mine in marker.by_class(rows) for frame in self._set_bits(one, mine)]
        masks = {"yes": np.zeros(rows.height, np.uint64), "unknown": np.zeros(rows.height, np.uint64)}
        for n, frame in frames:
            places, yes = frame[_ROW].to_numpy(), frame["yes"].to_numpy()
            masks["yes"][places[yes]] |= np.uint64(1 << n)
            masks["unknown"][places[~yes]] |= np.uint64(1 << n)
        amounts = _in_rows([frame for _, frame in frames], rows.height)
        return pl.DataFrame({"person_id": typed["person_id"], **masks, "amounts_fen": amounts})

    def _set_bits(self, one: RuleClass, rows: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
        """Bit by bit, lowest first: the rows where it is set, whether as a yes, and the amount."""
        planned, verdicts = one.verdicts(rows)
        numbered = sorted(((self.policies.index(p.id), p) for p in one.policies), key=lambda pair: pair[0])
        frames = []
        for _, p in numbered:
            mine = planned.lazy().with_columns(verdicts[p.id].alias("_v")).filter(pl.col("_v").fill_null(True))
            frames.append(mine.select(_ROW, pl.col("_v").fill_null(False).alias("yes"), p.amount.alias("fen")))
        return list(zip((n for n, _ in numbered), pl.collect_all(frames, engine="in-memory"), strict=True))

    def widen(self, people: pl.Series, marks: pl.DataFrame) -> pl.DataFrame:
        """Long marks of some people as one row a person, in the order of the people; who has none gets zeros."""
        number = pl.col("policy").replace_strict(list(self.policies), list(range(len(self.policies))), return_dtype=pl.UInt64)
        bit = pl.col("policy").replace_strict(list(self.policies), [1 << i for i in range(len(self.policies))], return_dtype=pl.UInt64)
        rows = marks.select("person_id", "verdict", "amount_fen", number.alias("n"), bit.alias("bit")).sort("n", maintain_order=True)
        per_person = rows.group_by("person_id").agg(
            pl.col("bit").filter(pl.col("verdict") == "yes").sum().alias("yes"),
            pl.col("bit").filter(pl.col("verdict") == "unknown").sum().alias("unknown"),
            pl.col("amount_fen").alias("amounts_fen"),
        )
        wide = pl.DataFrame({"person_id": people}).join(per_person, on="person_id", how="left", maintain_order="left")
        none = pl.lit([], dtype=pl.List(pl.Int64))
        return wide.with_columns(pl.col("yes", "unknown").fill_null(0), pl.col("amounts_fen").fill_null(none)).select(*wide_schema())

    def narrow(self, wide: pl.DataFrame) -> pl.DataFrame:
        """Wide marks as `person_id, policy, verdict, amount_fen`, yes and unknown, by person and bit."""
        parts = []
        for n, policy in enumerate(self.policies):
            bit, below = pl.lit(1 << n, dtype=pl.UInt64), pl.lit((1 << n) - 1, dtype=pl.UInt64)
            has = (pl.col("yes") | pl.col("unknown")) & bit != 0
            place = ((pl.col("yes") | pl.col("unknown")) & below).bitwise_count_ones().cast(pl.Int64)
            parts.append(
                wide.filter(has).select(
                    "person_id",
                    pl.lit(policy).alias("policy"),
                    pl.when(pl.col("yes") & bit != 0).then(pl.lit("yes")).otherwise(pl.lit("unknown")).alias("verdict"),
                    pl.col("amounts_fen").list.get(place, null_on_oob=True).alias("amount_fen"),
                )
            )
        return pl.concat(parts).sort("person_id", "policy")


def _in_rows(frames: list[pl.DataFrame], height: int) -> pl.Series:
    """Amounts that come bit by bit as a list a row, lowest bit first. No sort: each row keeps where its next amount goes."""
    counts = sum((np.bincount(f[_ROW].to_numpy(), minlength=height) for f in frames), np.zeros(height, np.int64))
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    next_place, source = offsets[:-1].copy(), np.empty(int(offsets[-1]), np.int64)
    first = 0
    for frame in frames:
        places = frame[_ROW].to_numpy()
        source[next_place[places]] = np.arange(first, first + frame.height)
        next_place[places] += 1
        first += frame.height
    fen = pl.concat([f["fen"] for f in frames]).gather(source) if frames else pl.Series("fen", [], dtype=pl.Int64)
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), fen.to_arrow())
    return pl.Series(lists, dtype=pl.List(pl.Int64))
