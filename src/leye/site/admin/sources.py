"""Names of sources for people, read from the shipped specs once a process."""

from __future__ import annotations

from functools import lru_cache

import yaml

from leye.office.nightly.intake_step import specs
from leye.site.words import is_english


def source_word(source: str) -> str:
    """The department that sends it, with the source's id; in English the id alone."""
    return source if is_english() or source not in _owners() else f"{_owners()[source]} · {source}"


@lru_cache(maxsize=1)
def _owners() -> dict[str, str]:
    found = {}
    for name, file in specs().items():
        body = yaml.safe_load(file.read_text(encoding="utf-8"))
        found[name] = str(body.get("source", {}).get("owner") or name)
    return found
