"""The law pack: what the papers rest on, each with how we know it. Nothing here is legal advice; a lawyer replaces the marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from leye.kernel.errors import NotFound
from leye.packs import open_pack
from leye.trust.registry.card import Words

MARKS = {
    "read": ("已核对", "read"),
    "secondary": ("见于转述，未核对原文", "from secondary pages, text not read"),
    "memory": ("凭记忆，未核对", "from memory, not checked"),
}
"""How a fact is known -> words for the page."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of law. mark: key of MARKS · more: fields, deadlines and the like, as the pack has them."""

    id: str
    law: Words
    text: Words
    mark: str
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cited(self) -> str:
        """Law and mark in one line, for papers."""
        return f"{self.law.zh}（{MARKS[self.mark][0]}）"


@lru_cache(maxsize=2)
def facts(file: Path | None = None) -> dict[str, Fact]:
    """All facts by id, in the order of the pack."""
    with (file or open_pack("law/trust.yaml")).open(encoding="utf-8") as stream:
        rows = yaml.safe_load(stream)["facts"]
    known = {"id", "law_zh", "law_en", "mark", "zh", "en"}
    return {
        r["id"]: Fact(r["id"], Words(r["law_zh"], r["law_en"]), Words(r["zh"], r["en"]), r["mark"], {k: v for k, v in r.items() if k not in known})
        for r in rows
    }


def fact(name: str) -> Fact:
    """One fact. Raises NotFound."""
    try:
        return facts()[name]
    except KeyError:
        raise NotFound(f"法规数据包里没有 {name}", en=f"the law pack has no {name}", remedy_zh="见 packs/law/trust.yaml") from None
