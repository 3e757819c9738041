"""One line of a seeker (“禅城 会计 五年 想做白天 五千以上”) into what is looked for; what is left after the rules are the words of the work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from leye.match.columns import PER_MONTH
from leye.match.places import Place, places_of
from leye.match.search.grams import plain
from leye.match.search.numerals import NUMBER, number_of
from leye.match.slots import Slot

LONGEST = 200
"""Characters of the box that are read. # chosen by us: a line, not a letter"""
LEAST_PAY_YUAN = {"month": 500, "day": 30, "hour": 5, "year": 6_000}
"""Below that a number is no pay (三年, 20 分钟). # chosen by us"""
MOST_YUAN = 1_000_000
SUFFIXES = ("区", "市", "县", "街道", "街", "镇", "乡")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line says. text: as typed, cut · slots: readings with their places in the text · places: named places · words: what is left: the work ·
    pay_min_fen: in pay_period · years, education: of the person · commute_km, commute_min, commute_mode: how far at most."""

    text: str
    slots: tuple[Slot, ...] = ()
    places: tuple[Place, ...] = ()
    words: str = ""
    pay_min_fen: int | None = None
    pay_period: str = "month"
    years: float | None = None
    education: str | None = None
    form: str | None = None
    shift: str | None = None
    commute_km: float | None = None
    commute_min: float | None = None
    commute_mode: str | None = None

    @property
    def pay_month_fen(self) -> float | None:
        """The wish in fen a month."""
        return None if self.pay_min_fen is None else self.pay_min_fen * PER_MONTH[self.pay_period]


@dataclass
class _Reading:
    text: str
    slots: list[Slot] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def is_free(self, start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in self.taken)

    def take(self, slot: str, value: object, start: int, end: int, rule: str) -> bool:
        if start >= end or not self.is_free(start, end):
            return False
        self.slots.append(Slot(slot, value, "soft", start, end, rule))
        self.taken.append((start, end))
        return True


_COMMUTE = re.compile(
    rf"(?P<mode>步行|走路|骑车|单车|自行车|电动车|公交|地铁|坐车|开车)?\s*(?P<n>{NUMBER})\s*(?P<unit>公里|千米|km|分钟|min)\s*(?P<tail>内|以内|之内|路程|车程)?"
)
_MODE = {"步行": "walk", "走路": "walk", "骑车": "bike", "单车": "bike", "自行车": "bike", "电动车": "ebike", "公交": "bus", "地铁": "bus",
         "坐车": "bus", "开车": "car"}  # fmt: skip
_YEARS = re.compile(rf"(?:做过|干过|干了|做了|有)?\s*(?P<n>{NUMBER})\s*年(?:以上)?(?:的)?(?:工作)?(?:经验|经历)?")
_FRESH = re.compile(r"应届生?|没有?经验|无经验|零经验|新手")
_PER = {"小时": "hour", "时": "hour", "钟头": "hour", "天": "day", "日": "day", "月": "month", "年": "year"}
_PAY = re.compile(
    rf"(?P<head>时薪|日薪|月薪|年薪|日结|工资|薪水|待遇|底薪)?\s*(?P<n>{NUMBER})(?:\s*[-~到至—]\s*(?P<to>{NUMBER}))?\s*(?:元|块钱?|人民币)?"
    r"(?:\s*[/每一]\s*(?P<per>小时|钟头|时|天|日|个?月|年))?\s*(?P<tail>以上|起|往上|左右|多)?"
)
_HEAD = {"时薪": "hour", "日薪": "day", "日结": "day", "月薪": "month", "年薪": "year"}
_FORMS = {
    "full_time": r"全职|正式工|长期工", "part_time": r"兼职|半天班|钟点工?", "gig": r"零工|日结|散工|跑单",
    "seasonal": r"暑假工|寒假工|季节工|短期工?",
    "internship": r"实习", "remote": r"远程|在家(?:办公|做|上班)", "dispatch": r"劳务派遣|派遣工?",
}  # fmt: skip
_NO_NIGHT = r"不(?:要|想|能|愿意?)?(?:上|做|倒)?(?:夜班|晚班)|(?:不|别)倒班"
_SHIFTS = {
    "day": rf"{_NO_NIGHT}|长?白班|白天|日班|双休",
    "night": r"夜班|晚班|晚上",
    "rotating": r"倒班|两班倒|三班倒|轮班",
    "weekend": r"周末|礼拜天",
}
_EDUCATION = (
    ("doctor", r"博士"), ("master", r"硕士|研究生"), ("bachelor", r"本科|学士"), ("junior_college", r"大专|专科|高职"),
    ("secondary_vocational", r"中专|技校|中职|职高"), ("senior_high", r"高中"), ("junior_high", r"初中"), ("primary", r"小学"),
)  # fmt: skip
_FILLER = re.compile(
    r"我?(?:想要?|希望|打算|要)?(?:找|做|干|当|应聘|求职|招聘?)(?:一?[份个])?|离家近|附近|的?工作|的?岗位|的?活儿?|上班|[在去想找，。、,.;；/|!！?？：:]"
)


def read_wish(text: str, *, city: str) -> Wish:
    """Read a line. city: six digits of the city whose places are meant. Never raises: what no rule reads stays in `words`."""
    typed = text[:LONGEST]
    reading = _Reading(plain(typed))
    places = _places(reading, city)
    commute = _commute(reading)
    _closed(reading)
    years = _years(reading)
    pay = _pay(reading)
    first = {s.slot: s.value for s in reversed(reading.slots)}
    pay_min_fen, period = pay or (None, "month")
    return Wish(
        typed, tuple(sorted(reading.slots, key=lambda s: s.start)), places, _words(reading), pay_min_fen, period, years, first.get("education"),
        first.get("employment_form"), first.get("shift"), commute.km, commute.minutes, commute.mode,
    )  # fmt: skip


def _places(reading: _Reading, city: str) -> tuple[Place, ...]:
    """Longest names first, with or without their last word (禅城 for 禅城区); the city itself limits nothing and is taken out."""
    names = [(name, p) for p in places_of(city) for name in {p.name, _short(p.name)} if len(name) >= 2]
    found: list[tuple[int, Place]] = []
    for name, place in sorted(names, key=lambda n: (-len(n[0]), n[0])):
        for hit in re.finditer(re.escape(name), reading.text):
            if (
                reading.take("district" if place.level != "city" else "city", place.code, *hit.span(), f"wish.{place.level}")
                and place.level != "city"
            ):
                found.append((hit.start(), place))
    return tuple(p for _at, p in sorted(found, key=lambda f: f[0]))


def _short(name: str) -> str:
    return next((name[: -len(s)] for s in SUFFIXES if name.endswith(s) and len(name) > len(s) + 1), name)


@dataclass
class _Commute:
    km: float | None = None
    minutes: float | None = None
    mode: str | None = None


def _commute(reading: _Reading) -> _Commute:
    said = _Commute()
    for hit in _COMMUTE.finditer(reading.text):
        n = number_of(hit["n"])
        is_time = hit["unit"] in ("分钟", "min")
        if n is None or n <= 0 or not reading.take("commute", {"min" if is_time else "km": n}, *hit.span(), "wish.commute"):
            continue
        said.minutes, said.km = (n, said.km) if is_time else (said.minutes, n)
        said.mode = _MODE.get(hit["mode"] or "", said.mode or "") or None
    return said


def _closed(reading: _Reading) -> None:
    """Words of closed lists: schooling, form, shift."""
    lists: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
        ("education", _EDUCATION), ("shift", tuple(_SHIFTS.items())), ("employment_form", tuple(_FORMS.items())),
    )  # fmt: skip
    for slot, words in lists:
        for value, pattern in words:
            for hit in re.finditer(pattern, reading.text):
                if slot == "employment_form" and hit[0] == "日结" and re.match(rf"\s*{NUMBER}", reading.text[hit.end() :]):
                    reading.slots.append(Slot(slot, value, "soft", *hit.span(), f"wish.{slot}"))  # 日结180: form and pay in one
                    continue
                reading.take(slot, value, *hit.span(), f"wish.{slot}")


def _years(reading: _Reading) -> float | None:
    for hit in _FRESH.finditer(reading.text):
        if reading.take("years", {"min": 0}, *hit.span(), "wish.years.none"):
            return 0.0
    for hit in _YEARS.finditer(reading.text):
        n = number_of(hit["n"])
        if n is not None and 0 <= n <= 60 and reading.take("years", {"min": n}, *hit.span(), "wish.years"):
            return n
    return None


def _pay(reading: _Reading) -> tuple[int, str] | None:
    for hit in _PAY.finditer(reading.text):
        low, high = number_of(hit["n"]), number_of(hit["to"]) if hit["to"] else None
        if low is None:
            continue
        if high is not None and low < 100 <= high and hit["to"][-1] in "k千万":  # 5-8k: the unit stands once
            low *= {"k": 1_000, "千": 1_000, "万": 10_000}[hit["to"][-1]]
        period = _PER.get((hit["per"] or "").removeprefix("个"), _HEAD.get(hit["head"] or "", "month"))
        if LEAST_PAY_YUAN[period] <= low <= MOST_YUAN and reading.take("pay", _pay_value(low, high, period), *hit.span(), "wish.pay"):
            return round(low * 100), period
    return None


def _pay_value(low: float, high: float | None, period: str) -> dict[str, object]:
    found: dict[str, object] = {"min_fen": round(low * 100), "period": period}
    return found if high is None else found | {"max_fen": round(high * 100)}


def _words(reading: _Reading) -> str:
    rest = list(reading.text)
    for start, end in reading.taken:
        rest[start:end] = " " * (end - start)
    return " ".join(_FILLER.sub(" ", "".join(rest)).split())
