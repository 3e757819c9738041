"""Names of sources for people, read from the shipped specs once a process."""

from __future__ import annotations

from functools import lru_cache

import yaml

from leye.office.nightly.intake_step import specs
from leye.site.words import is_english


def source_word(source: str) -> str:
    """The department that sends it; in English the source's id."""
    return source if is_english() else _owners().get(source, source)


@lru_cache(maxsize=1)
def _owners() -> dict[str, str]:
    found = {}
    for name, file in specs().items():
        body = yaml.safe_load(file.read_text(encoding="utf-8"))
        title = body.get("title") or body.get("name") or ""
        found[name] = " · ".join(dict.fromkeys(part for part in (body.get("owner"), title) if part)) or name
    return found
