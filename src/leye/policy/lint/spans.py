"""Which lines a piece of a file covers, and which pieces can be read although others cannot."""

from __future__ import annotations

from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping, Sequence, Text, Value

UNREADABLE = frozenset(
    {
        "E_KEY_TWICE",
        "E_KEY_UNKNOWN",
        "E_PACK_FORM",
        "E_WORD_UNKNOWN",
        "E_FRACTION",
        "E_GRAMMAR",
        "E_FACT_UNKNOWN",
        "E_TYPE",
        "E_ENUM",
        "E_TWO_AMOUNTS",
        "E_CYCLE",
    }
)
"""Findings after which a piece cannot be computed with: what follows from it would be noise."""


def last_line(value: Value) -> int:
    """The last line on which something of a value begins."""
    if isinstance(value, Text):
        return value.line
    parts: list[Value] = list(value.values()) + [k for k in value if isinstance(k, Text)] if isinstance(value, Mapping) else list(value)
    return max([value.line, *(last_line(p) for p in parts)])


def is_readable(value: Mapping | Sequence, findings: Findings) -> bool:
    """Whether nothing inside a piece was found that keeps it from being computed with."""
    first, last = value.line, last_line(value)
    return not any(f.code in UNREADABLE and f.file == value.file and first <= f.line <= last for f in findings)


def copy_of(found: Mapping, **changes: Value | None) -> Mapping:
    """A mapping at its place with other values; None takes a key out."""
    made = Mapping({k: v for k, v in found.items() if changes.get(k, v) is not None})
    made.update({k: v for k, v in changes.items() if v is not None})
    made.file, made.line = found.file, found.line
    return made


def only(items: Sequence, findings: Findings) -> Sequence:
    """The items of a list that are readable mappings."""
    kept = Sequence(v for v in items if isinstance(v, Mapping) and is_readable(v, findings))
    kept.file, kept.line = items.file, items.line
    return kept
