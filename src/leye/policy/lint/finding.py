"""What lint finds: a stable code, the line, what is wrong and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from leye.kernel.errors import BadInput, Place
from leye.policy.lint.codes import CODES, ERROR


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding. file: pack folder and path below it · line: from 1, 0 where the whole file or folder is meant · severity: error | warning."""

    file: str
    line: int
    code: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    @property
    def severity(self) -> str:
        """error: the pack is refused · warning: it stands, and somebody should look."""
        return CODES[self.code].severity

    @property
    def is_error(self) -> bool:
        """Whether it refuses the pack."""
        return self.severity == ERROR

    def as_dict(self) -> dict[str, Any]:
        """JSON form of `leye policy lint --json`."""
        return {"code": self.code, "severity": self.severity, **asdict(self)}

    def __str__(self) -> str:
        return f"{self._at} {self.zh}\n    {self.remedy_zh}"

    def in_english(self) -> str:
        """The same for English readers."""
        return f"{self._at} {self.en}\n    {self.remedy_en}"

    @property
    def _at(self) -> str:
        return f"{'✘' if self.is_error else '!'} {self.file}:{self.line} {self.code}"


@dataclass
class Findings:
    """A list that is added to; the same thing found twice stands once."""

    items: dict[Finding, None] = field(default_factory=dict)

    def add(self, code: str, place: Place, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        """Add one. Raises KeyError for a code that the reference does not list."""
        self.items[Finding(place.file or "", place.row or 0, code if code in CODES else _unlisted(code), zh, en, remedy_zh, remedy_en)] = None

    def add_error(self, error: BadInput) -> None:
        """What a reader of the pack refused."""
        place = error.places[0] if error.places else Place()
        self.add(error.code, place, error.zh, error.en, error.remedy_zh, error.remedy_en)

    def errors_at(self, file: str, first: int, last: int) -> bool:
        """Whether an error stands in these lines of a file."""
        return any(f.is_error and f.file == file and first <= f.line <= last for f in self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def _unlisted(code: str) -> str:
    raise KeyError(f"{code} is not among the codes of lint")
