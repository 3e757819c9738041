"""Lists of missing facts from the numbers that stand for them: few sets of facts occur among many people, so each list is made once and shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDEST = 16  # facts; chosen by us: a table of 2**16 places is 256 KiB a policy


class MissingLists:
    """For one policy: bit i of a number says that fact i is missing."""

    def __init__(self, facts: tuple[str, ...]) -> None:
        self.facts = facts
        self._where: NDArray[np.int32] | None = None
        self._lists = pl.Series("missing", [], dtype=pl.List(pl.String))

    def of(self, codes: pl.Series) -> pl.Series:
        """The list of each number, in the order of the facts, as a column `missing`."""
        places = self._places(codes)  # may add lists
        return self._lists.gather(places)

    def _places(self, codes: pl.Series) -> pl.Series:
        if len(self.facts) > WIDEST:
            return self._by_search(codes)
        import numpy as np  # here, for whoever only counts needs none: an eighth of a second of start-up

        if self._where is None:
            self._where = np.full(1 << len(self.facts), -1, dtype=np.int32)
        numbers = codes.to_numpy()
        places = self._where[numbers]
        fresh = np.unique(numbers[places < 0])
        if fresh.size:
            self._where[fresh] = np.arange(fresh.size, dtype=np.int32) + self._lists.len()
            self._lists = pl.concat([self._lists, self._made(fresh)])
            places = self._where[numbers]
        return pl.Series(places.astype(np.uint32))

    def _by_search(self, codes: pl.Series) -> pl.Series:
        """Where a table would be too large: the numbers that occur, and each one's place among them."""
        found = codes.unique()
        self._lists = self._made(found.to_numpy())
        return codes.replace_strict(found, pl.Series(range(found.len()), dtype=pl.UInt32), return_dtype=pl.UInt32)

    def _made(self, numbers: NDArray[np.uint64]) -> pl.Series:
        lists = [[name for bit, name in enumerate(self.facts) if int(number) >> bit & 1] for number in numbers]
        return pl.Series("missing", lists, dtype=pl.List(pl.String))
