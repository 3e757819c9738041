"""The forms under which a division's name is written: official, short, and for autonomous divisions the name without its peoples."""

from __future__ import annotations

import re
from functools import cache

from leye.intake.cells.text import words

_PEOPLES = words(
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 "
    "达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 "
    "门巴 珞巴 基诺 各"
)
_PEOPLE = re.compile("(?:" + "|".join(f"{p}族" for p in _PEOPLES) + "|蒙古|哈萨克|维吾尔|柯尔克孜|塔吉克|锡伯)$")
_SUFFIX = re.compile("(特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|省|市|县|区|旗|盟)$")
_SHORT_SUFFIX = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


@cache
def stem(name: str) -> str:
    """The name without its rank and peoples; the name itself when nothing of two characters would remain.

    >>> stem("黔东南苗族侗族自治州"), stem("海淀区"), stem("城区"), stem("东乡族自治县")
    ('黔东南', '海淀', '城区', '东乡')
    """
    suffix = _SUFFIX.search(name)
    if suffix is None:
        return name
    bare = name[: suffix.start()]
    if suffix[0].startswith("自治"):
        bare = _without_peoples(bare)
    return bare if len(bare) >= 2 else name


def _without_peoples(bare: str) -> str:
    while True:
        shorter = _PEOPLE.sub("", bare)
        if shorter == bare:
            return bare
        if len(shorter) < 2:
            return bare.removesuffix("族")
        bare = shorter


def short_forms(name: str) -> tuple[str, ...]:
    """Every form other than the official one: 黔东南, 黔东南州; 海淀; 广西."""
    short = stem(name)
    suffix = _SUFFIX.search(name)
    forms = [short] if short != name else []
    if suffix and suffix[0] in _SHORT_SUFFIX and short != name:
        forms.append(short + _SHORT_SUFFIX[suffix[0]])
    return tuple(forms)
