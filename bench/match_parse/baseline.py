"""The plain baseline: one obvious expression a slot, everything hard, no clauses, no negation. What a day's work without a pack would give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from leye.kernel.codes import region_spells

_LEVELS = {
    "博士": "doctor", "硕士": "master", "本科": "bachelor", "大专": "junior_college", "中专": "secondary_vocational", "高中": "senior_high",
    "初中": "junior_high",
}  # fmt: skip
_SHIFTS = {
    "两班倒": "rotating",
    "三班倒": "rotating",
    "倒班": "rotating",
    "轮班": "rotating",
    "夜班": "night",
    "白班": "day",
    "双休": "day",
    "周末": "weekend",
}
_FORMS = {
    "全职": "full_time",
    "兼职": "part_time",
    "实习": "internship",
    "派遣": "dispatch",
    "临时工": "gig",
    "暑期工": "seasonal",
    "远程": "remote",
    "居家": "remote",
}
_CITIES = {
    s.name.removesuffix("市"): s.code
    for s in region_spells()
    if s.is_current and (s.level == "city" or s.name in ("北京市", "天津市", "上海市", "重庆市"))
}
_CITY = re.compile("|".join(sorted(map(re.escape, _CITIES), key=len, reverse=True)))
_PERIODS = {"月": "month", "天": "day", "日": "day", "小时": "hour", "年": "year"}


def read(text: str) -> list[dict[str, Any]]:
    return [{"slot": s, "value": v, "strength": "soft" if s.endswith("_demand") else "hard", "start": a, "end": b} for s, v, a, b in _read(text)]


def _read(text: str) -> Iterator[tuple[str, Any, int, int]]:
    for slot, table in (("education", _LEVELS), ("shift", _SHIFTS), ("employment_form", _FORMS)):
        for m in re.finditer("|".join(table), text):
            yield slot, table[m.group()], *m.span()
    for m in re.finditer(r"(\d+)(?:-(\d+))?年", text):
        yield "years", {"min": int(m[1])} | ({"max": int(m[2])} if m[2] else {}), *m.span()
    for m in re.finditer(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?([kK千万])?元?/?(月|天|日|小时|年)?", text):
        scale = {"k": 1_000, "K": 1_000, "千": 1_000, "万": 10_000}.get(m[3] or "", 1)
        lo, hi = float(m[1]) * scale, float(m[2] or m[1]) * scale
        if (m[3] or lo >= 1_000 or m[4] in ("天", "小时")) and "元" in m.group() + "元":
            yield "pay", {"min_fen": round(lo * 100), "max_fen": round(hi * 100), "period": _PERIODS.get(m[4] or "月", "month")}, *m.span()
    for m in re.finditer(r"(?:持|有)?([\u4e00-\u9fff]{1,10}证)", text):
        slot = "health_certificate" if m[1].endswith("健康证") else "certificate"
        yield slot, True if slot == "health_certificate" else m[1], *m.span(1)
    for m in re.finditer(r"[ABC][123]", text):
        yield "licence", m.group(), *m.span()
    for m in _CITY.finditer(text):
        yield "city", _CITIES[m.group()], *m.span()
    for m in re.finditer("加班", text):
        yield "overtime", True, *m.span()
    for m in re.finditer(r"(\d+)[名人]", text):
        yield "headcount", int(m[1]), *m.span()
    for m in re.finditer(r"(\d\d)-(\d\d)周?岁", text):
        yield "age_demand", {"min": int(m[1]), "max": int(m[2])}, *m.span()
    for m in re.finditer(r"(\d\d)周?岁以[下内]", text):
        yield "age_demand", {"max": int(m[1])}, *m.span()
    for m in re.finditer("[男女]", text):
        yield "gender_demand", "male" if m.group() == "男" else "female", *m.span()
    for m in re.finditer("已婚|户籍|身高|党员", text):
        yield "protected_demand", {"已婚": "marriage", "户籍": "hukou", "身高": "height", "党员": "political"}[m.group()], *m.span()
    for m in re.finditer("(?:英语|日语)(?:[四六]级)?|普通话", text):
        yield "language", m.group(), *m.span()
    for m in re.finditer(r"([\u4e00-\u9fff]{2,6}?)(?:相关)?专业", text):
        yield "major", m[1], *m.span(1)
