"""The channels beside a series and its common factor: its parent, and what other departments count of the same place and trade.

A driver is a series of the same panel. It is found by its id (`indicator/region/industry/occupation/grp`: claims, postings, insurance drops, hotline
calls of the same cell, else of the same region) or named by hand for panels of other ids, and then speaks for every series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from leye.kernel.errors import BadInput
from leye.watch.grid import Floats

PARENT = "parent"


def aligned(
    ids: Sequence[str], asked: Sequence[str], z: Floats, parents: Mapping[str, str | None], drivers: Mapping[str, str]
) -> tuple[tuple[str, ...], Floats]:
    """(names, (channels, periods, asked series) scores). ids, z: all series of the panel, each oriented to its own bad side ·
    drivers: channel to unique_id. NaN where a series has no such channel, or the channel no value (a missing or stale month).

    Raises BadInput on a driver that is not in the panel.
    """
    place = {name: i for i, name in enumerate(ids)}
    for channel, name in drivers.items():
        if name not in place:
            raise BadInput(
                f"通道“{channel}”指的序列 {name} 不在面板里，或校准日期之前没有数据",
                en=f"driver {channel}: {name} is not in the panel before the calibration date",
                remedy_zh="检查 --driver 的写法：名称=unique_id", remedy_en="write --driver NAME=unique_id", code="E_DRIVER",
            )  # fmt: skip
    columns = {PARENT: [place.get(parents.get(name) or "", -1) for name in asked]}
    columns |= {c: [place[d] if name != d else -1 for name in asked] for c, d in drivers.items()}
    columns |= {c: found for c, found in _of_the_place(asked, place).items() if c not in columns}
    used = {c: np.array(found) for c, found in columns.items() if max(found, default=-1) >= 0}
    table = [np.where(found >= 0, z[:, found], np.nan) for found in used.values()]
    return tuple(used), np.stack(table) if table else np.empty((0, len(z), len(asked)))


def _of_the_place(asked: Sequence[str], place: Mapping[str, int]) -> dict[str, list[int]]:
    """For every indicator of the panel, the series of the same cell or else of the same region, -1 where there is none."""
    indicators = sorted({name.split("/", 1)[0] for name in place if name.count("/") == 4})
    return {indicator: [_same_place(name, indicator, place) for name in asked] for indicator in indicators}


def _same_place(name: str, indicator: str, place: Mapping[str, int]) -> int:
    parts = name.split("/")
    if len(parts) != 5 or parts[0] == indicator:
        return -1
    cell = place.get("/".join((indicator, *parts[1:])), -1)
    return cell if cell >= 0 else place.get("/".join((indicator, parts[1], "all", "all", "all")), -1)
