"""Work places: names of prefectures, municipalities and county-level cities in an ad, without those that are no place of work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import yaml

from leye.kernel.codes import region_spells
from leye.match.fold import simplified
from leye.match.slots import Slot
from leye.packs import open_pack

_ETHNIC = re.compile(
    r"(?:土家族|苗族|侗族|布依族|彝族|藏族|羌族|白族|傣族|景颇族|傈僳族|哈尼族|壮族|朝鲜族|回族|蒙古族?|哈萨克|柯尔克孜|蒙古)*(?:自治州|自治县|地区|盟)$"
)
_NO_PLACE_AFTER = re.compile(
    r"市?(?:户籍|户口|籍|社保|话|菜|口味|小吃|烤鸭|拉面|路|大道|街(?!道)|时间|人(?:优先|勿扰|口|士)|牌照|车牌|专线|线(?:路)?|火锅|总部|总公司|石(?!化|油)|小面|热干面"
    r"|火腿|银行|大学|学院|理工|师范|时代|培训|出差|出口|客户|籍贯|铁路局?|话流利|方言|牌|风味|凉皮|米粉|羊肉|包子|料理|航空|电器|石油大学|牛肉面|米线|烧麦|烧烤|香鸭|臭豆腐)"
)
_FIRM_AFTER = re.compile(r"市?[\u4e00-\u9fffA-Za-z()]{0,18}?(?:有限(?:责任)?公司|股份(?:有限)?公司|集团|科技公司|控股)(?!分店|门店|项目部)")
_BRANCH = re.compile(r"市?(?:分公司|子公司|办事处|分部|分店|分校|分院|基地|项目部|工厂)")
_NO_PLACE_BEFORE = re.compile(
    r"(?:总部(?:位于|设在|设立于|在|地址|地处|:)*|总公司(?:位于|在)*|出差(?:到|去|至)?|往返|毕业于|面试(?:地点|地址|地)?|来自|销往|发往|赴|覆盖|遍布|服务于?|辐射|客户(?:在|分布于)?|(?:先|需|须)(?:去|到|在|赴)"
    r"|源自|起源于|创立于|成立于|诞生于|培训(?:在|地点:?)|落户|至|开往|返)[^，。；\n]{0,5}$"
)
_PLACE_CUE = re.compile(
    r"(?:工作地点|工作地|工作地址|上班地点|上班地址|工作城市|工作区域|工作地区|就业地点|地点|地址|base|Base|BASE|驻地|坐标|驻点|厂址|校址|项目地)(?:为|在|位于)?\s?[:：]?[^。；\n]{0,40}$"
)
_SEAT = re.compile(r"(?:公司|我司|集团|企业|单位|总部)[^，。；\n]{0,8}(?:位于|坐落|地处|设在|创立|成立|在)[^，。；\n]{0,6}$")


@cache
def _places() -> tuple[re.Pattern[str], dict[str, tuple[str, str | None]], dict[str, dict[str, str]]]:
    """(names to look for, name -> (prefecture, county), prefecture -> short county name -> code)."""
    common = {name for row in yaml.safe_load(open_pack("adverts/places.yaml").read_text(encoding="utf-8"))["common_words"] for name in row}
    current = [replace(s, name=simplified(s.name)) for s in region_spells() if s.is_current]
    names: dict[str, tuple[str, str | None]] = {}
    counties: dict[str, dict[str, str]] = {}
    full: dict[str, list[tuple[str, str]]] = {}
    for spell in current:
        is_top = spell.level == "city" or (spell.level == "province" and spell.name.endswith("市"))
        if is_top:
            names[spell.name] = (spell.code, None)
            short = _ETHNIC.sub("", spell.name).removesuffix("市")
            if len(short) > 1 and short not in common:
                names[short] = (spell.code, None)
        elif spell.level == "county":
            prefecture = spell.code[:2] + "0000" if spell.code[:2] in {"11", "12", "31", "50"} else spell.code[:4] + "00"
            counties.setdefault(prefecture, {})[spell.name] = spell.code
            if len(spell.name) > 2:
                counties[prefecture].setdefault(re.sub(r"(?:新区|区|市|县)$", "", spell.name), spell.code)
            full.setdefault(spell.name, []).append((prefecture, spell.code))
    for name, owners in full.items():
        if len(owners) == 1 and name.endswith(("市", "区")) and len(name) > 2:
            names.setdefault(name, owners[0])
            short = name.removesuffix("市")
            if name.endswith("市") and len(short) > 1 and short not in common:
                names.setdefault(short, owners[0])
    names |= {"浦东": ("310000", "310115"), "雄安新区": ("130600", None), "江山": names["江山市"], "海宁": names["海宁市"]}
    return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True))), names, counties


def find_places(text: str) -> Iterator[Slot]:
    """A slot `city` for every prefecture named as a place of work (once each), and `district` where the county stands with it."""
    pattern, names, counties = _places()
    has_cue = bool(re.search(r"工作地[点址]?|上班地[点址]|地点\s?[:：在为]|工作城市", text))
    told: set[str] = set()
    for found in pattern.finditer(text):
        prefecture, county = names[found.group()]
        if not _is_work_place(text, found, has_cue):
            continue
        if prefecture not in told:
            told.add(prefecture)
            yield Slot("city", prefecture, "hard", found.start(), found.end(), "city.name")
        if county is not None:
            yield Slot("district", county, "hard", found.start(), found.end(), "district.name")
        else:
            yield from _district_after(text, found.end(), counties.get(prefecture, {}))


def _is_work_place(text: str, found: re.Match[str], has_cue: bool) -> bool:
    before = text[max(0, found.start() - 48) : found.start()]
    if _NO_PLACE_BEFORE.search(before[-16:]) or _NO_PLACE_AFTER.match(text, found.end()):
        return False
    if _BRANCH.match(text, found.end()):
        return True
    if _FIRM_AFTER.match(text, found.end()):
        return False
    return not (has_cue and not _PLACE_CUE.search(before) and _SEAT.search(before))


def _district_after(text: str, at: int, counties: dict[str, str]) -> Iterator[Slot]:
    """The county directly after its city: 杭州西湖区, 深圳·南山."""
    start = at + (1 if text[at : at + 1] in "市·- " and at < len(text) else 0)
    for length in (5, 4, 3, 2):
        name = text[start : start + length]
        if len(name) == length and name in counties:
            yield Slot("district", counties[name], "hard", start, start + length, "district.after_city")
            return
