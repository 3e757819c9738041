"""Cards and code to hand to the register in tests."""

from __future__ import annotations

from typing import Any

import yaml

from leye.packs import open_pack
from leye.trust.registry import Source

CODE = '''"""A ranking of orders."""
BORDER = 2


def rank(orders, zone, idle_s):
    """Nearest first, then longest idle."""
    return sorted(orders, key=lambda o: (o.distance_m // BORDER, -idle_s[o.rider], zone))
'''


def card_dict(**changes: Any) -> dict[str, Any]:
    """The shipped dispatcher's card as a new algorithm whose code is `CODE`; `changes` by top-level key, None drops a key."""
    with open_pack("algorithms/platform.dispatch.yaml").open(encoding="utf-8") as file:
        card: dict[str, Any] = yaml.safe_load(file)
    card |= {"algo": "test.ranker", "version": "1.0", "code": {"held_by": "product", "paths": ["*.py"]}, "config": {"BORDER": 2}}
    card["features"] = [f for f in card["features"] if f["name"] in {"zone", "distance_m", "idle_s"}]
    card |= changes
    return {k: v for k, v in card.items() if v is not None}


class _Dumper(yaml.SafeDumper):
    """Writes a value that stands twice twice: cards take no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def card_text(**changes: Any) -> str:
    """The same as YAML."""
    return yaml.dump(card_dict(**changes), Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def code(text: str = CODE, name: str = "rank.py") -> list[Source]:
    """One source file."""
    return [Source(name, text)]


def feature(name: str, **changes: Any) -> dict[str, Any]:
    """A feature with a sound justification."""
    sound = {"name": name, "zh": name, "en": name, "personal": False, "why": {"zh": "没有它就排不出先后", "en": "no order without it"}}
    return sound | changes
