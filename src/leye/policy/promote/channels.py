"""Where a notice is read and how long it may be there, whom which channel is meant for: `packs/notices/channels.yaml`, which a bureau edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from leye.kernel.errors import BadInput, NotFound, Place
from leye.packs import open_pack
from leye.policy.promote.said import Said

FILE = "notices/channels.yaml"
SENTENCES = ("greeting", "hail", "maybe", "gives", "amount", "who", "until", "bring", "where", "basis", "unsure", "ask")
NEVER_DROPPED = ("maybe", "ask")
"""What every notice says: that it may be for the reader, and whom to ask."""


@dataclass(frozen=True, slots=True)
class Size:
    """part: most characters of one message, joined_part of each of several, parts: most messages. Or line, lines: of a sheet."""

    part: int = 0
    joined_part: int = 0
    parts: int = 1
    line: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """sentences: in order · may_drop: from the last on where it gets too long · size: of Chinese, latin: of English ·
    headed: begins with the policy's name · listed: conditions one a line · spoken: read aloud, without document numbers ·
    encoded: a message whose room depends on its letters, so that `latin` holds only where every letter is."""

    id: str
    name: Said
    sentences: tuple[str, ...]
    may_drop: tuple[str, ...]
    size: Size
    latin: Size
    is_headed: bool = False
    is_listed: bool = False
    is_spoken: bool = False
    is_encoded: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """A group of people and the channels that are assumed to reach it, best first."""

    id: str
    name: Said
    channels: tuple[str, ...]
    assume: Said


@dataclass(frozen=True)
class Channels:
    """All that `channels.yaml` says. plain: words of the law -> plain ones, longest first."""

    channels: Mapping[str, Channel]
    audiences: tuple[Audience, ...]
    ask: Said
    plain: Mapping[str, str] = field(default_factory=dict)

    def channel(self, name: str) -> Channel:
        """One channel. Raises NotFound (E_CHANNEL)."""
        if name not in self.channels:
            known = "、".join(f"{c.id}（{c.name.zh}）" for c in self.channels.values())
            zh, en = f"没有渠道“{name}”", f"no channel {name!r}"
            raise NotFound(zh, en=en, remedy_zh=f"可选：{known}", remedy_en=f"one of: {', '.join(self.channels)}", code="E_CHANNEL")
        return self.channels[name]


@cache
def shipped_channels() -> Channels:
    """The channels that come with the product."""
    return read_channels(open_pack(FILE))


def read_channels(path: Path) -> Channels:
    """Read a file of channels. Raises BadInput (E_CHANNELS) that names what is wrong."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        channels = {name: _channel(name, row) for name, row in found["channels"].items()}
        audiences = tuple(Audience(r["id"], _said(r["name"]), tuple(r["channels"]), _said(r["assume"])) for r in found["groups"])
        plain = dict(sorted(found.get("plain", {}).items(), key=lambda item: -len(item[0])))
        made = Channels(channels, audiences, _said(found["ask"]), plain)
    except (KeyError, TypeError, AttributeError) as error:
        raise _refuse(path, f"写法不对：{error}", f"not in form: {error}") from error
    for audience in audiences:
        if missing := [c for c in audience.channels if c not in channels]:
            raise _refuse(path, f"“{audience.name.zh}”用了没有的渠道：{'、'.join(missing)}", f"{audience.id} names unknown channels: {missing}")
    return made


def _channel(name: str, row: dict[str, Any]) -> Channel:
    size = _size(row)
    channel = Channel(
        name,
        _said(row["name"]),
        tuple(row["sentences"]),
        tuple(row.get("may_drop", ())),
        size,
        _size(row["latin"]) if "latin" in row else size,
        bool(row.get("headed", False)),
        bool(row.get("listed", False)),
        bool(row.get("spoken", False)),
        bool(row.get("encoded", False)),
    )
    wrong = [s for s in (*channel.sentences, *channel.may_drop) if s not in SENTENCES]
    wrong += [s for s in NEVER_DROPPED if s not in channel.sentences or s in channel.may_drop]
    if wrong or any(bool(s.part) == bool(s.line) for s in (channel.size, channel.latin)):
        raise KeyError(f"{name}: {', '.join(wrong) or 'part or line, one of them'}")
    return channel


def _size(row: dict[str, Any]) -> Size:
    part = int(row.get("part", 0))
    return Size(part, int(row.get("joined_part", part)), int(row.get("parts", 1)), int(row.get("line", 0)), int(row.get("lines", 0)))


def _said(found: dict[str, str]) -> Said:
    return Said(str(found["zh"]), str(found.get("en", "")))


def _refuse(path: Path, zh: str, en: str) -> BadInput:
    remedy_zh, remedy_en = f"照随产品的 {FILE} 改", f"follow the shipped {FILE}"
    return BadInput(zh, en=en, places=(Place(file=path.name),), remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_CHANNELS")
