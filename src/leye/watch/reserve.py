"""The policy reserve: response plans as data, read from `packs/plans/*.yaml`, checked, and tested by the cases they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from leye.kernel.codes import industries, key_groups
from leye.kernel.errors import BadInput, CheckFailed, Place
from leye.packs import open_pack
from leye.watch.plan_yaml import Doc, read_yaml

LEVELS: Final = ("blue", "yellow", "orange", "red")
ROLES: Final = ("analyst", "counsellor", "operator", "provider", "employer", "auditor", "admin")
UNITS: Final = {"once": "一次", "month": "每月", "year": "每年"}


@dataclass(frozen=True, slots=True)
class Basis:
    """What something rests on. status: verified (the text was seen) or unverified."""

    text: str
    status: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a plan answers: empty lists mean any. regions: prefixes such as CN-44 · level: this one and above."""

    indicators: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]
    groups: tuple[str, ...]
    level: str

    def matches(self, *, indicator: str, industry: str, region: str, grp: str, level: str) -> bool:
        """Whether an alarm of this key and level sets the plan off. An industry answers for its divisions (C for C13)."""
        return (
            LEVELS.index(level) >= LEVELS.index(self.level)
            and (not self.indicators or indicator in self.indicators)
            and (not self.industries or any(industry == i or industry.startswith(i) for i in self.industries))
            and (not self.regions or any(("CN-" + region).startswith(r) for r in self.regions))
            and (not self.groups or grp in self.groups)
        )


@dataclass(frozen=True, slots=True)
class Amount:
    """Unit amount of a region in force between two days (both inclusive, None open)."""

    region: str
    fen: int
    first: date | None
    last: date | None
    status: str
    basis: str

    def holds(self, region: str, on: date) -> bool:
        """Whether it covers a six-digit region on a day."""
        return ("CN-" + region).startswith(self.region) and (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a plan may pay. unit: once, month or year, per person · groups: whom · missing_fact: what is missing where no amount is known."""

    name: str
    name_en: str
    groups: tuple[str, ...]
    unit: str
    amounts: tuple[Amount, ...]
    missing_fact: str

    def amount(self, region: str, on: date) -> Amount | None:
        """The amount of the longest matching region prefix, the newest where two are equally long; None when none is in force."""
        holding = [a for a in self.amounts if a.holds(region, on)]
        return max(holding, key=lambda a: (len(a.region), a.first or date.min), default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan: what, who, within how many days of the lamp, and what shows that it was done."""

    do: str
    do_en: str
    owner: str
    within_days: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Case:
    """A test that a plan carries: an alarm and whether the plan answers it."""

    indicator: str
    industry: str
    region: str
    grp: str
    level: str
    matches: bool
    why: str
    line: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One response plan. fallback: answers only where no other plan does · first, last: days in force."""

    id: str
    title: str
    title_en: str
    is_fallback: bool
    first: date | None
    last: date | None
    basis: tuple[Basis, ...]
    trigger: Trigger
    groups: tuple[str, ...]
    measures: tuple[Measure, ...]
    missing_fact: str
    steps: tuple[Step, ...]
    close_when: tuple[str, ...]
    quiet_periods: int
    stand_down: str
    stand_down_en: str
    cases: tuple[Case, ...]
    file: str

    def in_force(self, on: date) -> bool:
        """Whether the plan may be used on a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    def measure_for(self, group: str) -> Measure | None:
        """What the plan pays this group; None when it pays nothing."""
        return next((m for m in self.measures if group in m.groups), None)


_KEYS = {
    "id", "title", "title_en", "fallback", "from", "to", "basis", "trigger", "groups", "measures", "missing_fact", "steps", "close_when",
    "stand_down", "cases",
}  # fmt: skip
_NEEDED = {"id", "title", "title_en", "basis", "trigger", "groups", "steps", "close_when", "stand_down", "cases"}


def read_plan(file: Path) -> Plan:
    """One plan. Raises BadInput (E_PLAN) that names every mistake with file, line and key."""
    doc = read_yaml(file)
    body = doc.mapping(doc.value, "", _KEYS, _NEEDED)
    known_groups = frozenset(key_groups())
    trigger = doc.mapping(body.get("trigger", {}), "trigger", {"indicators", "industries", "regions", "groups", "level"}, {"level"})
    down = doc.mapping(body.get("stand_down", {}), "stand_down", {"quiet_periods", "say", "say_en"}, {"quiet_periods", "say", "say_en"})
    plan = Plan(
        id=doc.text(body, "id", ""),
        title=doc.text(body, "title", ""),
        title_en=doc.text(body, "title_en", ""),
        is_fallback=body.get("fallback") is True,
        first=doc.day(body, "from", ""),
        last=doc.day(body, "to", ""),
        basis=tuple(_basis(doc, path, v) for path, v in doc.items(body, "basis", "")),
        trigger=Trigger(
            doc.texts(trigger, "indicators", "trigger"),
            doc.texts(trigger, "industries", "trigger", one_of=frozenset(industries())),
            doc.texts(trigger, "regions", "trigger"),
            doc.texts(trigger, "groups", "trigger", one_of=known_groups),
            doc.text(trigger, "level", "trigger", one_of=LEVELS, default="blue"),
        ),
        groups=doc.texts(body, "groups", "", one_of=known_groups),
        measures=tuple(_measure(doc, path, v, known_groups) for path, v in doc.items(body, "measures", "")),
        missing_fact=doc.text(body, "missing_fact", ""),
        steps=tuple(_one_step(doc, path, v) for path, v in doc.items(body, "steps", "")),
        close_when=doc.texts(body, "close_when", ""),
        quiet_periods=doc.whole(down, "quiet_periods", "stand_down"),
        stand_down=doc.text(down, "say", "stand_down"),
        stand_down_en=doc.text(down, "say_en", "stand_down"),
        cases=tuple(_case(doc, path, v) for path, v in doc.items(body, "cases", "")),
        file=file.name,
    )
    _check_whole(doc, plan)
    doc.finish()
    return plan


def _check_whole(doc: Doc, plan: Plan) -> None:
    """What only the whole file can show."""
    if plan.id != Path(plan.file).stem:
        doc.wrong("id", f"编号“{plan.id}”要与文件名相同", f"id {plan.id!r} must equal the file's name")
    for name, part in (("steps", plan.steps), ("cases", plan.cases), ("groups", plan.groups), ("close_when", plan.close_when), ("basis", plan.basis)):
        if not part:
            doc.wrong(name, f"“{name}”不能为空", f"{name!r} is empty")
    paid: set[str] = set()
    for i, measure in enumerate(plan.measures):
        for group in measure.groups:
            if group in paid or group not in plan.groups:
                doc.wrong(f"measures.{i}.groups", f"群体“{group}”没有列在本预案的 groups 里，或出现在两项措施里",
                          f"group {group!r} is not among the plan's groups, or in two measures")  # fmt: skip
            paid.add(group)


def _basis(doc: Doc, path: str, value: object) -> Basis:
    part = doc.mapping(value, path, {"text", "status"}, {"text", "status"})
    return Basis(doc.text(part, "text", path), doc.text(part, "status", path, one_of=("verified", "unverified")))


def _measure(doc: Doc, path: str, value: object, groups: frozenset[str]) -> Measure:
    part = doc.mapping(value, path, {"name", "name_en", "groups", "unit", "amounts", "missing_fact"}, {"name", "name_en", "groups", "unit"})
    measure = Measure(
        doc.text(part, "name", path), doc.text(part, "name_en", path), doc.texts(part, "groups", path, one_of=groups),
        doc.text(part, "unit", path, one_of=tuple(UNITS), default="once"),
        tuple(_amount(doc, inner, v) for inner, v in doc.items(part, "amounts", path)), doc.text(part, "missing_fact", path),
    )  # fmt: skip
    if not measure.missing_fact and not any(a.region == "CN" for a in measure.amounts):
        doc.wrong(path, "没有全国统一标准时要写 missing_fact（缺哪个标准）", "missing_fact is needed where there is no national amount")
    return measure


def _amount(doc: Doc, path: str, value: object) -> Amount:
    keys = {"region", "fen", "from", "to", "status", "basis"}
    part = doc.mapping(value, path, keys, keys)
    region = doc.text(part, "region", path)
    if region and not (region == "CN" or (region.startswith("CN-") and region[3:].isdigit() and len(region) in (5, 7, 9))):
        doc.wrong(f"{path}.region", f"地区“{region}”应写成 CN、CN-44、CN-4406 或 CN-440605", f"bad region {region!r}")
    fen = doc.whole(part, "fen", path)
    if fen == 0:
        doc.wrong(f"{path}.fen", "金额以分为单位，应大于0；不知道就不要写这一行", "the amount is in fen and above 0; leave the line out when unknown")
    status = doc.text(part, "status", path, one_of=("verified", "unverified"))
    return Amount(region, fen, doc.day(part, "from", path), doc.day(part, "to", path), status, doc.text(part, "basis", path))


def _one_step(doc: Doc, path: str, value: object) -> Step:
    keys = {"do", "do_en", "owner", "within_days", "evidence"}
    part = doc.mapping(value, path, keys, keys)
    return Step(doc.text(part, "do", path), doc.text(part, "do_en", path), doc.text(part, "owner", path, one_of=ROLES),
                doc.whole(part, "within_days", path), doc.text(part, "evidence", path))  # fmt: skip


def _case(doc: Doc, path: str, value: object) -> Case:
    part = doc.mapping(value, path, {"indicator", "industry", "region", "grp", "level", "matches", "why"}, {"indicator", "level", "matches", "why"})
    answer = part.get("matches")
    if not isinstance(answer, bool):
        doc.wrong(f"{path}.matches", "“matches”应是 true 或 false", "'matches' must be true or false")
    word = {key: doc.text(part, key, path, default="all") for key in ("indicator", "industry", "region", "grp")}
    level = doc.text(part, "level", path, one_of=LEVELS, default="blue")
    return Case(
        **word, level=level if level in LEVELS else "blue", matches=answer is True, why=doc.text(part, "why", path), line=doc.lines.get(path, 1)
    )


def plans(folder: Path | None = None) -> list[Plan]:
    """All plans of a folder (default: the shipped reserve), by id. Raises BadInput with every mistake of every file."""
    where = folder or open_pack("plans")
    files = sorted(where.glob("*.yaml"))
    if not files:
        raise BadInput(f"{where.name} 里没有预案文件（*.yaml）", en=f"no plan files in {where.name}", remedy_zh="把预案放进这个文件夹", code="E_PLAN")
    read: list[Plan] = []
    wrong: list[BadInput] = []
    for file in files:
        try:
            read.append(read_plan(file))
        except BadInput as error:
            wrong.append(error)
    if wrong:
        raise BadInput("；".join(e.zh for e in wrong), en="; ".join(e.en for e in wrong), remedy_zh=wrong[0].remedy_zh,
                       places=tuple(p for e in wrong for p in e.places), code="E_PLAN")  # fmt: skip
    return read


def plans_for(reserve: list[Plan], key: Mapping[str, str], level: str, on: date) -> list[Plan]:
    """Plans that answer an alarm: the special ones, else the fallbacks. key: indicator, industry, region, grp (`all` for all)."""
    word = {k: key.get(k) or "all" for k in ("indicator", "industry", "region", "grp")}
    answering = [p for p in reserve if p.in_force(on) and p.trigger.matches(**word, level=level)]
    special = [p for p in answering if not p.is_fallback]
    return special or [p for p in answering if p.is_fallback]


def check_cases(reserve: list[Plan], folder: str = "") -> int:
    """Run the cases of all plans; returns how many. Raises CheckFailed that names each failing case with file and line."""
    failed = [
        Place(str(Path(folder) / p.file), row=c.line, column=c.why)
        for p in reserve
        for c in p.cases
        if p.trigger.matches(indicator=c.indicator, industry=c.industry, region=c.region, grp=c.grp, level=c.level) != c.matches
    ]
    if failed:
        zh = f"{len(failed)} 个用例与预案的触发条件不符"
        raise CheckFailed(zh, en=f"{len(failed)} cases fail", remedy_zh="改触发条件或改用例", places=tuple(failed), code="E_PLAN_CASE")
    return sum(len(p.cases) for p in reserve)
