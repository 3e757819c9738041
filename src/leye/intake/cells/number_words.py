"""The closed vocabulary of number cells: units, direction words, comparisons, bounds. Anything else around a figure is quarantined."""

from __future__ import annotations

import re
from decimal import Decimal

from leye.intake.cells.text import words

UNITS: dict[str, tuple[str, Decimal]] = {
    word: (unit, Decimal(factor))
    for unit, factor, names in [
        ("person", "1", "人 名 位"),
        ("person_time", "1", "人次"),
        ("household", "1", "户"),
        ("firm", "1", "家 家企业 家公司 家单位"),
        ("post", "1", "个岗位 个就业岗位 个工作岗位 个招聘岗位 个职位 岗位"),
        ("item", "1", "个 件"),
        ("yuan", "1", "元 元整 圆 圆整 元人民币"),
        ("ratio", "0.01", "%"),
        ("ratio", "0.001", "‰"),
        ("ratio", "0.0001", "‱"),
        ("ratio", "0.1", "成"),
        ("pp", "0.01", "个百分点 百分点"),
        ("times", "1", "倍"),
        ("hour", "1", "小时 个小时"),
        ("day", "1", "天"),
        ("month", "1", "个月"),
        ("year", "1", "年"),
    ]
    for word in names.split()
}
"""Word after the figure -> unit and the factor to its base."""

UNIT = "|".join(sorted((re.escape(w) for w in UNITS), key=len, reverse=True))
FRACTION = {"百分之": ("ratio", Decimal("0.01")), "千分之": ("ratio", Decimal("0.001")), "万分之": ("ratio", Decimal("0.0001"))}

FALL = words("下降 减少 降幅 降低 回落 下滑 下跌 跌幅 减幅 负增长 净减少 净减 缩减 削减 负 降 减 跌")
RISE = words("增长 上升 新增 增加 提高 上涨 增幅 涨幅 升幅 净增加 净增 增 升 涨")
DIRECTION = re.compile("|".join(sorted((*FALL, *RISE), key=len, reverse=True)))
UNCLEAR = re.compile(r"少增|多增|少减|多减|少降|多降|收窄|扩大|缩小|放缓|加快|趋缓|转[正负升降增减]|止跌|企稳|由[正负升降增减]")
"""Words that speak of a change of a change: its sign cannot be told from the cell."""

COMPARISON = re.compile(
    r"(?:同比|环比|比同期|较同期|(?:比|较|与)(?:上年|去年|上月|上季度?|上年末|去年末|年初|上期|前期)(?:同期|同月|末|底)?(?:相比)?),?"
)
APPROX_BEFORE = re.compile(r"约为?|大约|近似|大概")
APPROX_AFTER = re.compile(r"左右|上下")
BOUND_BEFORE = re.compile(r"超过|不足|不低于|不少于|不超过|不高于|高于|低于|至少|至多|不到|逾|超|近|[><≥≤]=?")
BOUND_AFTER = re.compile(r"以上|以下|以内|\+")
VAGUE = re.compile(
    r"几|数[十百千万亿]|上[十百千万亿]|[近过超逾][十百千万亿]+(?!\d)|若干|成千上万|许多|大量|少量|两三|三四|三五[十百千万]"
    r"|[四五六七八九][五六七八九](?=[十百千万])|^[百千万]+[余多]"
)
FOREIGN = re.compile(r"美元|美金|欧元|港币|港元|日元|英镑|韩元|澳元|加元|卢布|泰铢|新币|台币|澳门元|瑞郎|USD|HKD|EUR|GBP|JPY|\$|€|£", re.IGNORECASE)
