"""What a cell may say instead of a value, the same words for every kind; and spreadsheet errors."""

from __future__ import annotations

import re

from leye.intake.cells.outcome import Bad, Missing
from leye.intake.cells.text import EXCEL_ERROR, fold, words

_DASHES = re.compile(r"[-–—―─━ー_/\\~]+")
_DOTS = re.compile(r"…+|\.{3,}|⋯+")
_WORDS = frozenset(
    words(
        "NA N/A N.A. N.A NULL NONE NAN NIL <NA> (NULL) (NA) UNKNOWN NOTAVAILABLE 无 没有 暂无 暂缺 缺 缺失 缺省 空 空白 空值 不详 未详 未知 "
        "不明 不清楚 不清 无数据 暂无数据 没有数据 缺数据 数据缺失 无资料 暂无资料 未提供 未填 未填写 未填报 未报 未上报 未登记 未统计 "
        "未公布 未发布 尚未公布 未录入 未采集 未调查 未知数 不适用 待定 待补 待补充 待填 待报 待查 待核 待核实 待公布 待统计 "
        "资料缺 资料暂缺 数据暂缺 数据不详 无此项 无记录 无信息 信息缺失"
    )
)
# the words that statistical offices and clerks write; curated by us


def missing(raw: str) -> Missing | None:
    """Missing when the cell states no value: blank, dashes, a word for "none", or dots (smaller than the unit shown)."""
    text = fold(raw).replace(" ", "")
    if not text:
        return Missing("M_BLANK")
    if len(text) > 12:
        return None
    if _DASHES.fullmatch(text):
        return Missing("M_DASH")
    if _DOTS.fullmatch(text):
        return Missing("M_BELOW_UNIT")
    word = text.upper()
    for opening, closing in ("()", "[]", "“”", '""', "''"):
        if len(word) > 2 and word[0] == opening and word[-1] == closing:
            word = word[1:-1]
    return Missing("M_NOT_STATED") if word.rstrip("。.") in _WORDS or word in _WORDS else None


def excel_error(raw: str) -> Bad | None:
    """Bad when the cell is a spreadsheet error such as #DIV/0!; which is no missing value, because a formula failed."""
    text = fold(raw).replace(" ", "")
    return Bad("E_EXCEL_ERROR", ("表格公式出错，请在原表改正后再装载",)) if EXCEL_ERROR.fullmatch(text) else None
