"""Lines `{"id","text"}` in, lines `{"id","slots":[…]}` out: every bad line is named, and what an ad says strangely is told by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from leye.kernel.errors import BadInput, Place
from leye.match.adverts.parsing import LONGEST_READ, parse_advert
from leye.match.fold import whole
from leye.match.slots import Slot

_COPIES_TOLD_FROM = 3  # chosen by us: two ads of one wording are usual, three deserve a word


@dataclass(frozen=True, slots=True)
class Advert:
    """One line of the file. id: as given, text or number · text: as given."""

    id: str | int
    text: str


@dataclass
class Oddities:
    """What was strange in a file, by name, with the ids (first five) where it was seen."""

    seen: dict[str, list[str | int]] = field(default_factory=dict)

    def note(self, name: str, advert_id: str | int) -> None:
        """Remember that the advert showed this."""
        self.seen.setdefault(name, []).append(advert_id)

    def lines(self) -> list[str]:
        """Chinese notices for a terminal, in a fixed order."""
        return [f"{name}：{len(ids)} 条（{'、'.join(map(str, ids[:5]))}{' …' if len(ids) > 5 else ''}）" for name, ids in sorted(self.seen.items())]


def read_adverts(file: Path) -> list[Advert]:
    """All adverts of a JSON-lines file. Raises BadInput (E_ADVERT_LINES) that names every bad line and its reason; blank lines are passed over."""
    adverts: list[Advert] = []
    wrong: list[tuple[int, str, str]] = []
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise BadInput(
            f"打不开 {file}", en=f"cannot open {file}", remedy_zh="检查路径和权限", remedy_en="check path and rights", places=(Place(str(file)),)
        ) from error
    for row, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        read = _advert(raw)
        if isinstance(read, Advert):
            adverts.append(read)
        else:
            wrong.append((row, *read))
    if wrong:
        raise _refused(file, wrong)
    return adverts


def _advert(raw: bytes) -> Advert | tuple[str, str]:
    """The advert of a line, or why it is none (Chinese, English)."""
    try:
        told = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "不是 UTF-8", "not UTF-8"
    except (ValueError, RecursionError):
        return "不是 JSON", "not JSON"
    if not isinstance(told, dict) or not isinstance(told.get("id"), str | int) or isinstance(told.get("id"), bool):
        return "缺 id", "no id"
    if isinstance(told["id"], str) and told["id"] != whole(told["id"]):
        return "id 里有写不出的字符", "an id that holds half a character"
    text = told.get("text", "")
    if text is None:
        text = ""
    return Advert(told["id"], text) if isinstance(text, str) else ("text 不是文字", "text is not a string")


def _refused(file: Path, wrong: list[tuple[int, str, str]]) -> BadInput:
    reasons = Counter(zh for _row, zh, _en in wrong)
    english = Counter(en for _row, _zh, en in wrong)
    return BadInput(
        "，".join(f"{n} 行{zh}" for zh, n in sorted(reasons.items())),
        en=", ".join(f"{n} lines {en}" for en, n in sorted(english.items())),
        remedy_zh='每行写成 {"id": "1", "text": "招聘……"}，UTF-8',
        remedy_en='write every line as {"id": "1", "text": "…"} in UTF-8',
        places=tuple(Place(str(file), row=row) for row, _zh, _en in wrong),
        code="E_ADVERT_LINES",
    )


def parsed_lines(adverts: Iterable[Advert], oddities: Oddities) -> Iterator[str]:
    """One JSON line an advert, in the order given; equal texts are read once."""
    copies: Counter[str] = Counter()
    ids: set[str | int] = set()
    for advert in adverts:
        slots = _read_once(advert.text)
        copies[advert.text] += 1
        if advert.id in ids:
            oddities.note("编号不止一次", advert.id)
        ids.add(advert.id)
        _note(advert, slots, copies[advert.text], oddities)
        yield json.dumps({"id": advert.id, "slots": [s.as_json() for s in slots]}, ensure_ascii=False) + "\n"


@lru_cache(maxsize=4_096)
def _read_once(text: str) -> tuple[Slot, ...]:
    return tuple(parse_advert(text))


def _note(advert: Advert, slots: Iterable[Slot], copy: int, oddities: Oddities) -> None:
    names = Counter(s.slot for s in slots)
    told: dict[str, Any] = {
        "空白广告": not advert.text.strip(),
        f"超过 {LONGEST_READ:,} 字，只读了前面": len(advert.text) > LONGEST_READ,
        "同一内容反复出现": copy >= _COPIES_TOLD_FROM,
        "金额不可信，没有采用": names["pay_doubtful"] > 0,
        "写了几个城市": names["city"] > 1,
        "含脚本，已略去": "<script" in advert.text.lower(),
    }
    for name, holds in told.items():
        if holds:
            oddities.note(name, advert.id)
