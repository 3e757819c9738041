"""Number cells: one figure with its scale and unit, read strictly; every other word quarantines the cell."""

from __future__ import annotations

import re
from decimal import Decimal

from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.number_words import (
    APPROX_AFTER,
    APPROX_BEFORE,
    BOUND_AFTER,
    BOUND_BEFORE,
    COMPARISON,
    DIRECTION,
    FALL,
    FOREIGN,
    FRACTION,
    UNCLEAR,
    UNIT,
    UNITS,
    VAGUE,
)
from leye.intake.cells.numerals import HAN, figure
from leye.intake.cells.outcome import Ambiguous, Bad, Missing, Ok, Outcome
from leye.intake.cells.text import LONG_DASH, fold, without_footnotes

_LIMIT = Decimal(10) ** 18  # chosen by us: no statistic of a city is larger; keeps floats finite
_FIG = rf"[\d,. {HAN}]+?"
_PLAIN = re.compile(r"(-?\d{1,15}(?:\.\d{1,6})?)(%?)")
_EXPONENT = re.compile(r"(\d(?:\.\d+)?)E([+-]?\d{1,2})", re.IGNORECASE)
_RATIO = re.compile(r"1[:比](\d+(?:\.\d+)?)")
_SPAN = re.compile(rf"[\d{HAN}%‰万亿千百元人](?:[-~{LONG_DASH}]+|至|到)\+?[\d{HAN}]")
_HAS_FIGURE = re.compile(rf"\d|[{HAN}]")
_COIN = r"([\d一二三四五六七八九壹贰叁肆伍陆柒捌玖])"
_MONEY = re.compile(rf"([\d.零〇○一壹二贰貳两三叁參四肆五伍六陆陸七柒八捌九玖十拾百佰千仟万亿]+)[元圆块](?:{_COIN}角)?(?:零?{_COIN}分)?整?")


def parse_number(raw: str) -> Outcome:
    """One figure: `{"value": float in the base unit, "unit": word or None}`."""
    plain = _PLAIN.fullmatch(raw) if raw.isascii() else None
    if plain:  # nine cells in ten: no need of the whole grammar
        value = Decimal(plain[1])
        return _done(value / 100, "ratio", None) if plain[2] else _done(value, None, None)
    early = missing(raw) or excel_error(raw)
    if early is not None:
        return early
    bare, had_mark = without_footnotes(raw)
    outcome = _read(fold(bare).lstrip("'").removesuffix("。"))
    if had_mark and isinstance(outcome, Ok):
        return Ok(outcome.value, outcome.code or "W_FOOTNOTE", (*outcome.notes, "去掉了脚注符号"))
    if had_mark and isinstance(outcome, Missing):
        return Bad("E_NUMBER_SYNTAX", ("只有脚注符号，没有数字",))
    return outcome


def _read(text: str) -> Outcome:
    if not text:
        return Missing("M_BLANK")
    if re.search("[▲△▼▽↑↓]", text):
        return Ambiguous("E_NUMBER_SIGN", _signs(re.sub("[▲△▼▽↑↓ ]", "", text)), ("箭头或三角既可表示增，也可表示减",))
    refusal = _refuse(text)
    if refusal is not None:
        return refusal
    text = re.sub(r"(?<=\d) +(?=\d)", "\x00", text).replace(" ", "").replace("\x00", " ")
    exponent = _EXPONENT.fullmatch(text.lstrip("+-"))
    if exponent and not text.startswith(("+-", "--", "-+")):
        return _done(Decimal(text), None, None)
    ratio = _RATIO.fullmatch(text)
    if ratio:
        return _done(Decimal(ratio[1]), "per_one", None)
    return _signed(text)


def _refuse(text: str) -> Outcome | None:
    """What no figure in the cell can heal: ranges, currencies, two figures, a change of a change."""
    dense = text.replace(" ", "")
    if FOREIGN.search(dense):
        return Bad("E_CURRENCY", ("外币金额不能直接入库",))
    if UNCLEAR.search(dense):
        return Bad("E_NUMBER_DIRECTION", ("“收窄、扩大、少增”等说的是变化的变化，看不出正负",))
    directions = [m[0] for m in DIRECTION.finditer(dense)]
    if len(directions) > 1:
        return Bad("E_NUMBER_DIRECTION", ("有两个方向词，看不出正负",))
    if _SPAN.search(dense) and not re.fullmatch(r"[\d.]+E-?\d+", dense, re.IGNORECASE):
        return Bad("E_NUMBER_RANGE", ("是一个范围，不是一个数",))
    if re.search(r"[(（].*\d.*[)）]", dense) and not re.fullmatch(rf"-?[(][^()]*[)](?:{UNIT})?", dense):
        return Bad("E_NUMBER_MANY", ("括号里还有一个数",))
    if VAGUE.search(dense):
        return Bad("E_NUMBER_APPROX", ("只有概数，没有数字",))
    return None


def _signed(text: str) -> Outcome:
    """Comparison words, direction word, then the sign proper."""
    rest = COMPARISON.sub("", text, count=1) if COMPARISON.match(text) else text
    compared = rest != text
    word = DIRECTION.match(rest)
    if word:
        rest = rest[word.end() :].removeprefix("了")
        rest = rest.removeprefix(":") if word[0] in ("降幅", "增幅", "涨幅", "跌幅", "升幅", "减幅") else rest
        if rest[:1] in ("-", "(", *LONG_DASH):
            return Ambiguous("E_NUMBER_SIGN", _signs(rest.strip("-()" + LONG_DASH)), ("方向词之后又有负号，看不出正负",))
        negative = word[0] in FALL
        return _figure(rest.removeprefix("+") if not negative else rest, -1 if negative else 1)
    if compared and rest[:1] not in ("-", "+"):
        return Bad("E_NUMBER_TEXT", ("没有说是增还是减",))
    bracket = re.fullmatch(rf"\(([^()]+)\)({UNIT})?", rest)
    if bracket:
        if bracket[1][0] in "+-":
            return Ambiguous("E_NUMBER_SIGN", (), ("括号里又有正负号",))
        if not re.match(r"[\d.]", bracket[1]):
            return Bad("E_NUMBER_TEXT") if _HAS_FIGURE.search(bracket[1]) else Bad("E_NUMBER_SYNTAX")
        return _figure(bracket[1] + (bracket[2] or ""), -1)
    if rest[:1] in tuple(LONG_DASH) or (len(rest) > 1 and rest.endswith("-")) or rest[:1] == "±":
        return Ambiguous("E_NUMBER_SIGN", _signs(rest.strip("-±" + LONG_DASH)), ("破折号不是负号，看不出正负",))
    if rest[:2] in ("--", "+-", "-+", "++") or rest.startswith("-("):
        return Ambiguous("E_NUMBER_SIGN", (), ("有两个正负号",))
    if rest[:1] in ("-", "+"):
        return _figure(rest[1:], -1 if rest[0] == "-" else 1)
    return _figure(rest, 1)


def _figure(text: str, sign: int) -> Outcome:
    """Bounds, the figure, its scale and unit."""
    body, code = _bounds(text)
    body = re.sub(rf"\(({UNIT})\)$", r"\1", body)
    for prefix, (unit, factor) in FRACTION.items():
        if body.startswith(prefix):
            share = Decimal(100) if body == "百分之百" else figure(body[len(prefix) :])
            return _unread(body) if share is None else _done(sign * share * factor, unit, code)
    yuan = re.match(r"¥|人民币|RMB", body, re.IGNORECASE)
    if yuan:
        body = body[yuan.end() :].lstrip(":").removesuffix("元")
        value = figure(body)
        return _unread(body) if value is None else _done(sign * value, "yuan", code)
    money = _MONEY.fullmatch(body)
    if money and (money[2] or money[3]):
        return _cheque(money, sign, code)
    tenths = re.fullmatch(r"([一二两三四五六七八九\d])成([一二三四五六七八九半\d])", body)
    if tenths:
        low = Decimal(5) if tenths[2] == "半" else figure(tenths[2])
        high = figure(tenths[1])
        return _done(sign * (high / 10 + low / 100), "ratio", code) if high is not None and low is not None else _unread(body)
    return _with_unit(body, sign, code)


def _with_unit(body: str, sign: int, code: str | None) -> Outcome:
    match = re.fullmatch(rf"({_FIG})({UNIT})?", body)
    word = match[2] if match else None
    value = figure(match[1]) if match else None
    if match is None or value is None:
        return _unread(body)
    if word is None:
        return _done(sign * value, None, code)
    unit, factor = UNITS[word]
    if word == "年" and value >= 1000:
        return Bad("E_NUMBER_TEXT", ("像是年份，不是数量",))
    if word == "成" and value > 10:
        return Bad("E_NUMBER_SYNTAX", ("“成”不超过十",))
    return _done(sign * value * factor, unit, code)


def _bounds(text: str) -> tuple[str, str | None]:
    """The text without 约, 左右, 余, 以上 and the like, and the warning that they stand for."""
    code = None
    for pattern, warning in ((APPROX_BEFORE, "W_APPROX"), (BOUND_BEFORE, "W_BOUND")):
        match = pattern.match(text)
        if match:
            text, code = text[match.end() :], warning
    for pattern, warning in ((APPROX_AFTER, "W_APPROX"), (BOUND_AFTER, "W_BOUND")):
        match = pattern.search(text)
        if match and match.end() == len(text):
            text, code = text[: match.start()], warning
    more = re.search(r"(?<=[\d十百千万亿])[余多](?=$|[十百千万亿]|" + UNIT + ")", text)
    if more:
        text, code = text[: more.start()] + text[more.end() :], "W_BOUND"
        if not re.search(r"[\d零〇一二三四五六七八九十两壹贰叁肆伍陆柒捌玖拾]", text):
            return text + "?", code
    return text, code


def _cheque(money: re.Match[str], sign: int, code: str | None) -> Outcome:
    """伍佰元贰角 and 3元5角."""
    whole = figure(money[1])
    if whole is None:
        return Bad("E_NUMBER_SYNTAX")
    jiao, fen = (figure(money[i]) or Decimal(0) if money[i] else Decimal(0) for i in (2, 3))
    return _done(sign * (whole + jiao / 10 + fen / 100), "yuan", code)


def _unread(body: str) -> Bad:
    """Why a body is no figure with a unit: wrong grouping, other words, or no figure at all."""
    inner = re.sub(rf"(?:{UNIT})$", "", re.sub(r"[十百千万亿]+$", "", re.sub(rf"(?:{UNIT})$", "", body)))
    if re.fullmatch(r"\d[\d, ]*[\d,](\.\d+)?", inner) and ("," in inner or " " in inner):
        return Bad("E_NUMBER_GROUPING", ("千分位不规则",))
    if re.search(r"\d[^\d.]+\d", body) and re.search(r"[^\d,. 十百千万亿零〇]", re.sub(rf"(?:{UNIT})$", "", body)):
        return Bad("E_NUMBER_MANY" if re.search(rf"\d\s*(?:[万亿千百]*)(?:{UNIT})", body) else "E_NUMBER_TEXT", ("不止一个数",))
    if not _HAS_FIGURE.search(body):
        return Bad("E_NUMBER_SYNTAX", ("没有数字",))
    if re.fullmatch(rf"[\d{HAN}.,: /]+(?:{UNIT})?", body):
        return Bad("E_NUMBER_SYNTAX", ("数字写法不规范",))
    return Bad("E_NUMBER_TEXT", ("数字前后有别的字",))


def _signs(text: str) -> tuple[dict[str, object], ...]:
    """The positive and the negative reading, where the rest can be read."""
    plus = _figure(text, 1)
    return (plus.value, {**plus.value, "value": -plus.value["value"]}) if isinstance(plus, Ok) else ()


def _done(value: Decimal, unit: str | None, code: str | None) -> Outcome:
    if abs(value) > _LIMIT:
        return Bad("E_RANGE", ("数字太大",))
    return Ok({"value": float(value) + 0.0, "unit": unit}, code)
