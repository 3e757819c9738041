"""Sentences put together from lists, a column at a time: choose a piece for each row, fill its slots, join the columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import yaml

from leye.city.dice import Array
from leye.city.frames import words
from leye.packs import open_pack


@cache
def pieces(name: str) -> dict[str, Any]:
    """A pack of pieces, `ads` or `posts`."""
    with open_pack(f"city/{name}.yaml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def choose(rng: np.random.Generator, n: int, options: Sequence[str], **slots: pl.Series) -> pl.Series:
    """(n,) one of the options for each row, with `{slot}` replaced by that row's value."""
    return fill(options, rng.integers(0, len(options), n), slots)


def fill(options: Sequence[str], codes: Array, slots: Mapping[str, pl.Series]) -> pl.Series:
    """The options by number, slots filled. An option is split at its slots once; rows are then joined column by column."""
    cuts = [_cut(o) for o in options]
    width = max(len(c) for c in cuts)
    frame = pl.DataFrame(dict(slots))
    columns = []
    for place in range(width):
        plain = words([c[place][0] if place < len(c) else "" for c in cuts], codes)
        wanted = [c[place][1] if place < len(c) else "" for c in cuts]
        value = pl.lit("")
        which = words(wanted, codes)
        for slot in sorted({w for w in wanted if w}):
            value = pl.when(which == slot).then(pl.col(slot)).otherwise(value)
        columns += [pl.lit(plain), value]
    return (frame if frame.width else pl.DataFrame({"_": codes})).select(pl.concat_str(columns).alias("text")).to_series()


def _cut(option: str) -> list[tuple[str, str]]:
    """`a{x}b{y}` as [("a", "x"), ("b", "y")]; a last piece without slot has an empty name."""
    parts: list[str] = []
    for chunk in option.split("{"):
        if not parts:
            parts.append(chunk)
        else:
            name, _, rest = chunk.partition("}")
            parts += [name, rest]
    parts.append("")
    return list(zip(parts[::2], parts[1::2], strict=True))


def some_of(rng: np.random.Generator, flat: Sequence[str], first: Array, many: Array, count: Array, seps: pl.Series) -> pl.Series:
    """(n,) `count` different pieces of each row's own stretch flat[first : first + many], joined by the row's separator. count <= many.

    The stretch is walked from a random start with a step that never meets itself before `many` steps.
    """
    start = np.floor(rng.random(first.size) * many).astype(np.int64)
    step = rng.choice([s for s in (1, 3, 5, 7, 9) if all(math.gcd(s, int(m)) == 1 for m in np.unique(many))], first.size)
    columns: list[pl.Series] = []
    for k in range(int(count.max())):
        piece = words(flat, np.where(k < count, first + (start + k * step) % many, -1)).fill_null("")
        columns.append(piece if k == 0 else joint(seps, piece, k < count))
    return pl.select(pl.concat_str([pl.lit(c) for c in columns])).to_series()


def joint(seps: pl.Series, piece: pl.Series, used: Array) -> pl.Series:
    """Separator and piece where used, nothing elsewhere."""
    return pl.select(pl.when(pl.Series(used)).then(pl.concat_str(pl.lit(seps), pl.lit(piece))).otherwise(pl.lit(""))).to_series()


def flatten(lists: Sequence[Sequence[str]]) -> tuple[list[str], Array, Array]:
    """(all pieces, first piece of each list, pieces in each list)."""
    many = np.array([len(row) for row in lists])
    return [p for row in lists for p in row], np.cumsum(many) - many, many
