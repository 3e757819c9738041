"""What a load says about itself: the balance of each file, warnings, and files that were refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from leye.intake.reasons import explain
from leye.kernel.errors import BadInput, LeyeError

_COUNTS = ("rows_in", "loaded", "quarantined", "duplicates", "new", "unchanged", "superseded", "skipped")


class BalanceBroken(LeyeError):
    """Rows in are not the sum of where they went: a fault of the program, never of the file. Nothing is published."""

    code = "E_BALANCE"


@dataclass(slots=True)
class FileReport:
    """One file. loaded = new + unchanged + superseded; rows_in = loaded + quarantined + duplicates. `refused` holds the error of a file not taken."""

    file: str
    sha256: str
    encoding: str | None = None
    rows_in: int = 0
    quarantined: int = 0
    duplicates: int = 0
    new: int = 0
    unchanged: int = 0
    superseded: int = 0
    skipped: int = 0
    warnings: int = 0
    refused: dict[str, object] | None = None

    @property
    def loaded(self) -> int:
        """Rows accepted, whether or not they changed anything."""
        return self.new + self.unchanged + self.superseded

    def check_balance(self) -> None:
        """Raises BalanceBroken when a row has been lost or counted twice."""
        found = self.loaded + self.quarantined + self.duplicates
        if found != self.rows_in:
            raise BalanceBroken(
                f"{self.file}：读入 {self.rows_in} 行，去向合计 {found} 行，这次装载没有发布",
                en=f"{self.file}: {self.rows_in} rows in, {found} accounted for; nothing is published",
                remedy_zh="这是程序的错，请把文件和报告交给维护人员",
                remedy_en="a fault of the program: send the file and this message to the maintainers",
            )

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {**asdict(self), "loaded": self.loaded}


@dataclass(slots=True)
class LoadReport:
    """A whole load. `quarantine` holds its bad cells; `refused` the errors of files that were not taken (exit 2)."""

    source: str
    owner: str
    files: list[FileReport]
    warnings: list[dict[str, object]]
    quarantine: pl.DataFrame
    hashes: list[str] = field(default_factory=list)
    refused: list[BadInput] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Sum of a count over the files."""
        return sum(int(getattr(f, name)) for f in self.files)

    @property
    def exit_code(self) -> int:
        """2 when a file was refused, else 1 when a row was quarantined, else 0."""
        return 2 if self.refused else 1 if self.total("quarantined") else 0

    def as_dict(self) -> dict[str, Any]:
        """The content of report.json."""
        return {
            "source": self.source,
            "owner": self.owner,
            **{name: self.total(name) for name in _COUNTS},
            "warnings": self.warnings,
            "refused": [e.as_dict() for e in self.refused],
            "files": [f.as_dict() for f in self.files],
            "hashes": self.hashes,
        }


def refusal_lines(errors: Iterable[BadInput]) -> list[tuple[object, ...]]:
    """Quarantine lines for refused files, one a place: they hold no row of data, so `quarantined` does not count them."""
    lines: list[tuple[object, ...]] = []
    for error in errors:
        reason = error.zh if len(error.places) == 1 else explain(error.code).reason
        for place in error.places:
            lines.append((place.file, place.sheet, place.row, place.column, None, error.code, reason, error.remedy_zh))
    return lines
