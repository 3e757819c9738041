"""Region cells: names, paths and codes to a division of the asked time; several owners are never guessed between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Ambiguous, Bad, Ok, Outcome, Value
from leye.intake.cells.region_nearest import nearest
from leye.intake.cells.region_path import Path, lies_in, split_path
from leye.intake.cells.region_table import Found, Owner, RegionTable, letters
from leye.intake.cells.text import fold, without_footnotes, words
from leye.kernel.codes import RegionSpell, region_spells_by_code
from leye.kernel.errors import BadInput
from leye.kernel.period import Period

_CODE = re.compile(r"(?:CN-)?(\d{6})(?:0{3}|0{6})?")
_CODE_AND_NAME = re.compile(r"(\d{6})\D+|\D+(\d{6})\D?")
_ZONE = re.compile(
    r".*(?:开发区|高新区|工业园区?|经开区|产业园区?|保税区|示范区|科技园区?|新区|自贸区|度假区|管理区|园区|试验区|综保区|合作区|经济区)$"
)
_BELOW = re.compile(r"街道|[镇乡村路街弄巷号里苑园楼室桥]|社区|大道|小区|大厦|广场|办事处|居委会|村委会|工业区|开发区|团场")
_NOT_BELOW = re.compile(r"以外|除外|等地?$|[和及与或]|周边|附近|其他|其它|各|全[市区县省]|地区$|本级|直属|市区|城区|郊区")
_FIRST_WORD = re.compile(r"^(?:中华人民共和国|中国)(?=.{2})")
_GENERIC = frozenset(words("新区 郊区 城区 市区 矿区 东区 西区 南区 北区 中区 向阳 东风 红旗 前进 向阳区 东风区 红旗区 前进区"))
_NO_COUNTIES = frozenset({"441900", "442000", "460400", "460300", "620200"})
"""Prefecture-level cities without counties: towns follow the city directly."""


def region_parser(period: Period | None, home: str | None) -> Callable[[str], Outcome]:
    """A parser of region cells for the table of a period, with the home region as tie-breaker. Raises BadInput on an unknown home."""
    table = RegionTable.of(period)
    code = home_code(home, table) if home else None

    def parse(raw: str) -> Outcome:
        early = missing(raw) or excel_error(raw)
        if early is not None:
            return early
        text = _FIRST_WORD.sub("", fold(without_footnotes(raw)[0]))
        return _read(text, table, code)

    return parse


def home_code(home: str, table: RegionTable) -> str:
    """Six digits of the home region. Raises BadInput when it is no division or several."""
    outcome = _read(fold(home), table, None)
    if not isinstance(outcome, Ok):
        raise BadInput(
            f"本地区划“{home}”无法识别（{outcome.code}）",
            en=f"the home region {home!r} is not one known division ({outcome.code})",
            remedy_zh="请写省或市的名称或六位代码，例如 辽宁 或 210100",
            remedy_en="give the name or six-digit code of a province or city, such as 210100",
        )
    return str(outcome.value["code"])


def _read(text: str, table: RegionTable, home: str | None) -> Outcome:
    code = _CODE.fullmatch(text.replace(" ", ""))
    if code:
        return _by_code(code[1], table)
    both = _CODE_AND_NAME.fullmatch(text)
    if both:
        return _code_and_name(both[1] or both[2], text, table, home)
    if text in letters():
        return _answer(Found(region_spells_by_code()[letters()[text]]), None)
    bracket = re.fullmatch(r"([^()]+)\(([^()]+)\)", text)
    if bracket:
        inside_first = _by_path(f"{bracket[2]}|{bracket[1]}", table, home)
        return inside_first if isinstance(inside_first, Ok) and not inside_first.notes else _by_path(text, table, home)
    outcome = _by_path(text, table, home)
    if isinstance(outcome, Bad) and " " in text:
        dense = _by_path(text.replace(" ", ""), table, home)  # 北 京: two-character names are often padded
        return dense if not isinstance(dense, Bad) else outcome
    return outcome


def _by_code(code: str, table: RegionTable) -> Outcome:
    spells = region_spells_by_code().get(code, ())
    found = [(s, f) for s in spells if (f := table.find(s)) is not None]
    own = [(s, f) for s, f in found if not f.by_successor]
    if own:
        at_end = [(s, f) for s, f in own if table.lists(s)]
        return _answer((at_end or own)[-1][1], None)
    if found:
        spell, last = found[-1]
        return _answer(last, spell)
    later = "（这个代码当时还没有）" if spells else ""
    return Bad("E_CODE_UNKNOWN", (f"没有区划代码 {code}{later}",), _nearest_code(code, table))


def _nearest_code(code: str, table: RegionTable) -> str | None:
    parents = (code[:4] + "00", code[:2] + "0000")
    listed = (s for parent in parents for s in region_spells_by_code().get(parent, ()) if table.lists(s))
    return next((f"{s.name} {s.code}" for s in listed), None)


def _code_and_name(code: str, text: str, table: RegionTable, home: str | None) -> Outcome:
    by_code = _by_code(code, table)
    by_name = _by_path(text.replace(code, "|"), table, code if isinstance(by_code, Ok) else home)
    if isinstance(by_code, Ok) and isinstance(by_name, Ok):
        if by_code.value["code"] == by_name.value["code"]:
            return by_code
        return Bad("E_REGION_CONFLICT", ("代码和名称不是同一个地方",))
    return by_code if not isinstance(by_code, Ok) else Bad("E_REGION_CONFLICT", ("代码和名称不是同一个地方",))


def _by_path(text: str, table: RegionTable, home: str | None) -> Outcome:
    path = split_path(text, table)
    if not path.steps:
        return _zone_alone(path.tail, table, home) or Bad("E_CODE_UNKNOWN", ("没有这个地名",), nearest(path.tail))
    if path.conflict:
        return Bad("E_REGION_CONFLICT", ("各级地名互相矛盾",))
    outcome = _choose(path.owners, table, home)
    if not path.tail:
        return _generic(outcome) if text in _GENERIC else outcome
    if not isinstance(outcome, Ok):
        return outcome if _below(path, "") else Bad("E_CODE_UNKNOWN", ("没有这个地名",), nearest(text))
    level = outcome.value["level"]
    municipality = outcome.value["code"] in ("110000", "120000", "310000", "500000")
    if (level == "city" or municipality) and _ZONE.fullmatch(path.tail):
        return Ok(outcome.value, "W_REGION_ZONE", (*outcome.notes, f"“{path.tail}”不是行政区划，归到所在市"))
    if _below(path, outcome.value["code"]):
        return Ok(outcome.value, outcome.code, (*outcome.notes, f"未用县级以下的文字“{path.tail}”"))
    return Bad("E_CODE_UNKNOWN", (f"“{path.tail}”不是已知的地名",), nearest(path.tail))


def _generic(outcome: Outcome) -> Outcome:
    """新区 and 郊区 are words as well as names: a successor of a division that once bore one is no answer."""
    if isinstance(outcome, Ok) and outcome.code:
        return Ambiguous("E_REGION_AMBIGUOUS", (outcome.value,), ("也可能是泛称，不是地名",))
    return outcome


def _below(path: Path, code: str) -> bool:
    """Whether the tail can be text below the county: a street, town, village; or anything plain after an official county in a path."""
    tail = path.tail
    if _NOT_BELOW.search(tail) or len(tail) < 2:
        return False
    if code in _NO_COUNTIES:
        return bool(_BELOW.search(tail))
    if any(o.spell.level != "county" for o in path.owners):
        return False
    if path.official:
        return path.steps > 1 or bool(_BELOW.search(tail))
    return path.steps > 1 and bool(_BELOW.search(tail)) and not _ZONE.fullmatch(tail)


def _zone_alone(text: str, table: RegionTable, home: str | None) -> Outcome | None:
    """高新区 alone is the home city's; without a home city several cities have one."""
    if not _ZONE.fullmatch(text) or len(text) > 12:
        return None
    if home is None or (home.endswith("0000") and home[:2] not in ("11", "12", "31", "50")):
        return Ambiguous("E_REGION_AMBIGUOUS", (), ("许多城市都有这样的园区",))
    city = home if home.endswith("00") else home[:4] + "00"
    outcome = _by_code(city, table)
    if isinstance(outcome, Ok) and re.fullmatch("(?:国家级?|省级|市)?(?:高新|经济|技术|产业|工业|开发|园|经开|区)+", text):
        return Ok(outcome.value, "W_REGION_ZONE", ("园区不是行政区划，归到本市",))
    return None


def _choose(owners: Iterable[Owner], table: RegionTable, home: str | None) -> Outcome:
    """One division of the owners: those that hold at the end of the stretch, else in it, else successors; then the rules of precedence."""
    found = [(o, f) for o in owners if (f := table.find(o.spell)) is not None]
    own = [(o, f) for o, f in found if not f.by_successor]
    held = [(o, f) for o, f in own if table.lists(o.spell)] or own
    if not held:
        return _successor(found, home)
    official = [(o, f) for o, f in held if o.is_official]
    chosen = official or held
    if any(f.uncertain for _, f in chosen):
        several = {s for _, f in chosen for s in f.spells}
        return _ambiguous("E_REGION_AMBIGUOUS", several, "这一时期的区划表没有确切日期")
    return _one({o.spell for o, _ in chosen}, home, None)


def _successor(found: list[tuple[Owner, Found]], home: str | None) -> Outcome:
    official = [(o, f) for o, f in found if o.is_official] or found
    heirs = [(o.spell, set(f.spells)) for o, f in official]
    if len({frozenset(h) for _, h in heirs}) == 1:
        spell, spells = heirs[0]
        return _answer(Found(tuple(spells), by_successor=True), spell)
    inside = _at_home([s for s, _ in heirs], home)
    if len(inside) == 1:
        return _answer(Found(tuple(dict(heirs)[inside[0]]), by_successor=True), inside[0])
    everything = {s for _, h in heirs for s in h}
    topmost = _topmost(everything)
    if len(topmost) == 1:
        return _answer(Found(tuple(topmost), by_successor=True), heirs[0][0])
    return _ambiguous("E_REGION_AMBIGUOUS", everything, "旧名先后指不同的地方")


def _one(spells: set[RegionSpell], home: str | None, old: RegionSpell | None) -> Outcome:
    provinces = [s for s in spells if s.level == "province"]
    if len(provinces) == 1:
        rivals = [s for s in spells if s.level != "province" and home is not None and s.code[:2] == home[:2]]
        if not rivals:
            return _answer(Found((provinces[0],)), old)
    topmost = _topmost(spells) if not provinces else spells
    if len(topmost) == 1:
        return _answer(Found(tuple(topmost)), old)
    if not provinces:
        inside = _at_home(sorted(topmost, key=lambda s: s.code), home)
        if len(inside) == 1:
            return _answer(Found(tuple(inside)), old)
    return _ambiguous("E_REGION_AMBIGUOUS", topmost, "几个地方都叫这个名字")


def _at_home(spells: list[RegionSpell], home: str | None) -> list[RegionSpell]:
    """The deepest ancestor of home, home itself first, that leaves exactly one; a city there beats counties."""
    if home is None:
        return spells
    scopes = [home] if home.endswith("0000") else [home[:4] + "00", home[:2] + "0000"]
    for scope in scopes:
        inside = [s for s in spells if s.code == scope or lies_in(s.code, scope)]
        cities = [s for s in inside if s.level == "city"]
        for some in (inside, cities):
            if len(some) == 1:
                return some
    return spells


def _topmost(spells: set[RegionSpell]) -> set[RegionSpell]:
    """Those that lie in no other of them: in one ancestor chain the ancestor wins."""
    return {s for s in spells if not any(lies_in(s.code, other.code) for other in spells)}


def _answer(found: Found, old: RegionSpell | None) -> Outcome:
    if len(found.spells) > 1:
        if found.uncertain:
            return _ambiguous("E_REGION_AMBIGUOUS", found.spells, "这一时期的区划表没有确切日期")
        return _ambiguous("E_REGION_SPLIT", found.spells, "原来的地方已分到几处")
    spell = found.spells[0]
    if old is None:
        return Ok(_value(spell))
    return Ok(_value(spell), "W_REGION_SUCCESSOR", (f"{old.name}（{old.code}）已由{spell.name}（{spell.code}）承接",))


def _ambiguous(code: str, spells: Iterable[RegionSpell], why: str) -> Ambiguous:
    return Ambiguous(code, tuple(_value(s) for s in sorted(set(spells), key=lambda s: s.code)), (why,))


def _value(spell: RegionSpell) -> Value:
    return {"code": spell.code, "name": spell.name, "level": spell.level}
