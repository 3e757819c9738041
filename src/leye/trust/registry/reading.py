"""From a YAML file to a card. Everything that is missing, misspelt or of the wrong kind is named with its line, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from leye.kernel.errors import BadInput, Place
from leye.trust.registry.card import (
    KINDS,
    LEAST_YEARS,
    NEGOTIATED,
    RISKS,
    SUBJECTS,
    Card,
    Check,
    Code,
    Coded,
    ConfigValue,
    DataUse,
    Feature,
    Owner,
    Risk,
    Service,
    Words,
)
from leye.trust.registry.lined_yaml import Document, read_lined

Item = TypeVar("Item")

CODE = "E_CARD"
KEYS = (
    "algo", "version", "name", "kind", "risk", "risk_why", "subject", "owner", "service", "about", "mechanism", "human", "objection", "purposes",
    "features", "reasons", "outcomes", "data", "retention", "retention_years", "risks", "limits", "tests", "code", "config", "model_card",
)  # fmt: skip
_ALGO = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,39}\Z")
_NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w.\-]{0,59}\Z")
_EMPTY = Words("", "")


def read_card(file: Path) -> Card:
    """The card of a file. Raises BadInput (E_CARD) with every mistake at its line."""
    return card_of(document_of(file))


def document_of(file: Path) -> Document:
    """The file with its lines. Raises BadInput (E_CARD)."""
    try:
        return read_lined(file.read_text(encoding="utf-8-sig"), file=file.name, code=CODE)
    except UnicodeDecodeError as error:
        raise BadInput("卡片不是 UTF-8 编码", en="the card is not UTF-8", remedy_zh="另存为 UTF-8", places=(Place(file.name),), code=CODE) from error


def card_of(document: Document) -> Card:
    """The card that a document says. Raises BadInput (E_CARD) with every mistake at its line."""
    reader = _Reader(document)
    top = reader.mapping(document.value, "", KEYS, optional=("negotiation",))
    card = _card(reader, top)
    reader.finish()
    return card


class _Reader:
    """Takes values out of a document and remembers what is wrong, so that one pass names everything."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[tuple[Place, str, str]] = []

    def wrong(self, path: str, zh: str, en: str) -> None:
        self.problems.append((self.document.place(path), zh, en))

    def mapping(self, value: Any, path: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(path, f"“{path or '文件'}”应写成“键: 值”", f"{path or 'the file'} must be a mapping")
            return {}
        for key in value:
            if key not in required + optional:
                self.wrong(
                    f"{path}.{key}" if path else str(key), f"不认识的键“{key}”，可用：{'、'.join(required + optional)}", f"unknown key {key!r}"
                )
        for key in required:
            if key not in value:
                self.wrong(path, f"缺少“{key}”", f"{key!r} is missing")
        return {str(k): v for k, v in value.items()}

    def text(self, part: Mapping[str, Any], key: str, path: str, *, is_needed: bool = True, one_of: Mapping[str, object] | None = None) -> str:
        if key not in part:
            return ""
        value, at = part[key], f"{path}.{key}" if path else key
        if not isinstance(value, str) or (is_needed and not value.strip()):
            self.wrong(at, f"“{key}”应写成文字（数字要加引号）", f"{key!r} must be a text; quote numbers")
            return ""
        if one_of is not None and value not in one_of:
            self.wrong(at, f"“{key}”不能是“{value}”，可选：{'、'.join(one_of)}", f"{key!r} cannot be {value!r}")
        return value.strip()

    def words(self, part: Mapping[str, Any], key: str, path: str) -> Words:
        if key not in part:
            return _EMPTY
        at = f"{path}.{key}" if path else key
        both = self.mapping(part[key], at, ("zh", "en"))
        return Words(self.text(both, "zh", at), self.text(both, "en", at))

    def whole(self, part: Mapping[str, Any], key: str, least: int) -> int:
        value = part.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 100:
            self.wrong(key, f"“{key}”应是不小于 {least} 的整数", f"{key!r} must be a whole number of at least {least}")
            return least
        return value

    def truth(self, part: Mapping[str, Any], key: str, path: str) -> bool:
        value = part.get(key)
        if key in part and not isinstance(value, bool):
            self.wrong(f"{path}.{key}", f"“{key}”应写 true 或 false", f"{key!r} must be true or false")
        return value is True

    def items(self, part: Mapping[str, Any], key: str, make: Callable[[Any, str], Item]) -> tuple[Item, ...]:
        value = part.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, f"“{key}”应是一个列表", f"{key!r} must be a list")
            return ()
        return tuple(make(entry, f"{key}.{i}") for i, entry in enumerate(value))

    def name(self, part: Mapping[str, Any], key: str, path: str, pattern: re.Pattern[str]) -> str:
        value = self.text(part, key, path)
        if value and not pattern.match(value):
            self.wrong(f"{path}.{key}" if path else key, f"“{value}”不能作 {key}", f"{value!r} cannot be a {key}")
        return value

    def unique(self, names: list[str], key: str) -> None:
        for i, name in enumerate(names):
            if name in names[:i]:
                self.wrong(f"{key}.{i}", f"“{name}”写了两次", f"{name!r} twice")

    def finish(self) -> None:
        if not self.problems:
            return
        zh = "；".join(f"第 {p.row} 行 {z}" for p, z, _ in self.problems)
        en = "; ".join(f"line {p.row}: {e}" for p, _, e in self.problems)
        raise BadInput(
            f"算法卡片写得不对：{zh}",
            en=f"the card is wrong: {en}",
            remedy_zh="字段说明见 docs/reference/registry.md",
            remedy_en="the fields are explained in docs/reference/registry.md",
            places=tuple(p for p, _, _ in self.problems),
            code=CODE,
        )


def _card(r: _Reader, top: dict[str, Any]) -> Card:
    purposes, features = r.items(top, "purposes", lambda v, at: _coded(r, v, at)), r.items(top, "features", lambda v, at: _feature(r, v, at))
    reasons, outcomes = r.items(top, "reasons", lambda v, at: _coded(r, v, at)), r.items(top, "outcomes", lambda v, at: _coded(r, v, at))
    for key, names in (("purposes", [p.code for p in purposes]), ("features", [f.name for f in features]),
                       ("reasons", [p.code for p in reasons]), ("outcomes", [p.code for p in outcomes])):  # fmt: skip
        r.unique(names, key)
    return Card(
        algo=r.name(top, "algo", "", _ALGO),
        version=r.name(top, "version", "", _VERSION),
        name=r.words(top, "name", ""),
        kind=r.text(top, "kind", "", one_of=KINDS),
        risk=r.text(top, "risk", "", one_of=RISKS),
        risk_why=r.words(top, "risk_why", ""),
        subject=r.text(top, "subject", "", one_of=SUBJECTS),
        owner=_owner(r, top),
        service=_service(r, top),
        about=r.words(top, "about", ""),
        mechanism=r.words(top, "mechanism", ""),
        human=r.words(top, "human", ""),
        objection=r.words(top, "objection", ""),
        purposes=purposes,
        features=features,
        reasons=reasons,
        outcomes=outcomes,
        data=r.items(top, "data", lambda v, at: _data(r, v, at)),
        retention=r.name(top, "retention", "", re.compile(r"[a-z][a-z0-9_]{0,19}\Z")),
        retention_years=r.whole(top, "retention_years", LEAST_YEARS),
        risks=r.items(top, "risks", lambda v, at: _risk(r, v, at)),
        limits=r.items(top, "limits", lambda v, at: r.words({"_": v}, "_", at)),
        tests=r.items(top, "tests", lambda v, at: _check(r, v, at)),
        code=_code(r, top),
        config=_config(r, top),
        model_card=r.text(top, "model_card", ""),
        negotiation=_negotiation(r, top),
    )


def _coded(r: _Reader, value: Any, at: str) -> Coded:
    part = r.mapping(value, at, ("code", "zh", "en"))
    return Coded(r.name(part, "code", at, _NAME), Words(r.text(part, "zh", at), r.text(part, "en", at)))


def _feature(r: _Reader, value: Any, at: str) -> Feature:
    part = r.mapping(value, at, ("name", "zh", "en", "personal"), optional=("why", "required_by"))
    words = Words(r.text(part, "zh", at), r.text(part, "en", at))
    why = r.words(part, "why", at)
    return Feature(r.name(part, "name", at, _NAME), words, why, r.truth(part, "personal", at), r.text(part, "required_by", at))


def _data(r: _Reader, value: Any, at: str) -> DataUse:
    part = r.mapping(value, at, ("name", "zh", "en", "origin", "personal"))
    words = Words(r.text(part, "zh", at), r.text(part, "en", at))
    return DataUse(r.text(part, "name", at), words, r.words(part, "origin", at), r.truth(part, "personal", at))


def _risk(r: _Reader, value: Any, at: str) -> Risk:
    part = r.mapping(value, at, ("zh", "en", "measure"))
    return Risk(Words(r.text(part, "zh", at), r.text(part, "en", at)), r.words(part, "measure", at))


def _check(r: _Reader, value: Any, at: str) -> Check:
    part = r.mapping(value, at, ("zh", "en", "where"))
    return Check(Words(r.text(part, "zh", at), r.text(part, "en", at)), r.text(part, "where", at))


def _owner(r: _Reader, top: dict[str, Any]) -> Owner:
    part = r.mapping(top.get("owner", {}), "owner", ("org",), optional=("org_id", "department", "contact", "phone", "email", "address"))
    texts = [r.text(part, key, "owner", is_needed=False) for key in ("org_id", "department", "contact", "phone", "email", "address")]
    return Owner(r.words(part, "org", "owner"), *texts)


def _service(r: _Reader, top: dict[str, Any]) -> Service:
    part = r.mapping(top.get("service", {}), "service", ("product", "form", "field"), optional=("since",))
    since = part.get("since")
    if since is not None and type(since) is not date:
        r.wrong("service.since", "“since”应是日期，如 2025-01-01", "'since' must be a date such as 2025-01-01")
        since = None
    return Service(r.words(part, "product", "service"), r.words(part, "form", "service"), r.words(part, "field", "service"), since)


def _code(r: _Reader, top: dict[str, Any]) -> Code:
    part = r.mapping(top.get("code", {}), "code", ("held_by", "paths"))
    held_by = r.text(part, "held_by", "code", one_of={"product": 0, "operator": 0})
    paths = part.get("paths", [])
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) and p for p in paths):
        r.wrong("code.paths", "“paths”应是一列路径", "'paths' must be a list of paths")
        paths = []
    for path in paths:
        if path.startswith("/") or ".." in Path(path).parts:
            r.wrong("code.paths", f"路径“{path}”出了文件夹", f"path {path!r} leaves the folder")
    return Code(held_by, tuple(paths))


def _config(r: _Reader, top: dict[str, Any]) -> dict[str, ConfigValue]:
    value = top.get("config", {})
    if not isinstance(value, dict):
        r.wrong("config", "“config”应写成“键: 值”", "'config' must be a mapping")
        return {}
    for key, entry in value.items():
        if not isinstance(key, str) or not isinstance(entry, str | int | float | bool | None) or (isinstance(entry, float) and entry != entry):
            r.wrong(f"config.{key}", f"配置“{key}”应是一个数、文字或真假", f"setting {key!r} must be a number, a text or a truth value")
    return {str(k): v for k, v in value.items()}


def _negotiation(r: _Reader, top: dict[str, Any]) -> dict[str, Words]:
    if "negotiation" not in top:
        return {}
    part = r.mapping(top["negotiation"], "negotiation", NEGOTIATED)
    return {key: r.words(part, key, "negotiation") for key in NEGOTIATED if key in part}
