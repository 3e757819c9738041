"""Errors that tell a reader what to do: a stable code, the place, what was found, and the remedy, in Chinese first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found. Rows count from 1 as a person sees them in the file."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = (self.file, self.sheet, f"第 {self.row} 行" if self.row is not None else None, self.column and f"“{self.column}”")
        return " ".join(p for p in parts if p)

    def as_dict(self) -> dict[str, str | int | None]:
        """The four parts by name; absent ones are None."""
        return {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column}


class LeyeError(Exception):
    """Base of every error a person may see. `code` is stable and starts with `E_`.

    zh: what is wrong, one Chinese sentence · en: the same in English · remedy_zh, remedy_en: what to do next · places: where.
    The command line exits 2 on it, the API answers RFC 9457 problem details, a page shows `zh` and the remedy.
    """

    code = "E_LEYE"

    def __init__(
        self, zh: str, *, en: str = "", remedy_zh: str = "", remedy_en: str = "", places: tuple[Place, ...] = (), code: str | None = None
    ) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en or zh
        self.remedy_zh, self.remedy_en = remedy_zh, remedy_en or remedy_zh
        self.places = places
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        where = "；".join(str(p) for p in self.places[:10])
        more = f"（另有 {len(self.places) - 10} 处）" if len(self.places) > 10 else ""
        return f"{self.code}: " + " ".join(part for part in (where + more, self.zh, self.remedy_zh) if part)

    def as_dict(self) -> dict[str, object]:
        """JSON form for `--json` and the API."""
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "remedy_zh": self.remedy_zh,
            "remedy_en": self.remedy_en,
            "places": [p.as_dict() for p in self.places],
        }


class BadInput(LeyeError):
    """Something handed in cannot be read as it stands (exit 2)."""

    code = "E_BAD_INPUT"


class CheckFailed(LeyeError):
    """The input was read, and a check over it failed (exit 1)."""

    code = "E_CHECK_FAILED"


class NotAllowed(LeyeError):
    """The acting person may not do this."""

    code = "E_NOT_ALLOWED"


class Conflict(LeyeError):
    """Someone else changed the thing first; carries who and when in its text."""

    code = "E_CONFLICT"


class NotFound(LeyeError):
    """No such thing, or none that the asking person may see (the two answer alike)."""

    code = "E_NOT_FOUND"
