"""What a policy must say in words and days: sources, ends, sentences, units; read off the file piece by piece, so that one fault hides no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.lint.documents import PackFolder, Sheet
from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.pack import MONEY_UNITS, UNITS
from leye.policy.read_policy import GROUPS


def check_said(of: PackFolder) -> None:
    """Add what is not said."""
    for sheet in of.of_kind("policy"):
        _policy(sheet, of)
    for sheet in of.sheets:
        _notes(sheet.found, of.findings)
    for sheet in of.of_kind("tables"):
        for item in sheet.items("derived"):
            _derived_sources(item, of.findings)
        _value_sources(sheet, of.findings)


def _policy(sheet: Sheet, of: PackFolder) -> None:
    found, findings = sheet.found, of.findings
    versions = list(sheet.items("versions"))
    if _is_empty(found.get("source")) and any(_is_empty(v.get("source")) for v in versions or [found]):
        _no_source(f"政策“{found['policy']}”", f"policy {str(found['policy'])!r}", found["policy"].place, findings)
    if found.get("status") == "unverified" and found.get("discretionary") == "true":
        findings.add(
            "E_UNVERIFIED_DISCRETIONARY",
            found["discretionary"].place,
            "政策写着待核实，又写着可以参加资金优化",
            "the policy is unverified and yet marked as a programme that may be optimised",
            "核对文件后改 status，或写 discretionary: false",
            "verify it against its document, or write `discretionary: false`",
        )
    _deadline(found, of)
    for version in versions:
        _ends(version, findings)
        _sentences(version.get("who"), findings)
        _amount(version, findings)
    _overlaps(versions, findings)


def _is_empty(value: Value | None) -> bool:
    return fields.is_empty(value) or (isinstance(value, Sequence) and not value)


def _no_source(zh: str, en: str, place: Place, findings: Findings) -> None:
    findings.add(
        "E_NO_SOURCE",
        place,
        f"{zh}没有写依据",
        f"{en} has no source",
        "写 source: [{doc: 文号或名称, article: 条款}]",
        "write source: [{doc: number or title, article: article}]",
    )


def _derived_sources(item: Mapping, findings: Findings) -> None:
    name = item.get("fact")
    if "is" in item and _is_empty(item.get("source")):
        _no_source(f"推算事实“{name}”", f"derived fact {str(name)!r}", item.place, findings)
    regional = item.get("regional")
    for form in regional if isinstance(regional, Sequence) else []:
        if isinstance(form, Mapping) and _is_empty(form.get("source")):
            _no_source(f"推算事实“{name}”在 {form.get('region')} 的算法", f"{str(name)!r} in {form.get('region')}", form.place, findings)


def _value_sources(sheet: Sheet, findings: Findings) -> None:
    """Values of places stand or fall with their reference."""
    parameters = sheet.found.get("parameters")
    for name, parameter in parameters.items() if isinstance(parameters, Mapping) else []:
        values = parameter.get("values") if isinstance(parameter, Mapping) else None
        rows = list(values) if isinstance(values, Sequence) else [v for p in _mappings(values) for v in p.values()]
        for row in rows:
            if isinstance(row, Text) or (isinstance(row, Mapping) and _is_empty(row.get("ref")) and _is_empty(row.get("reference"))):
                _no_source(f"参数“{name}”的这个值", f"this value of {str(name)!r}", row.place, findings)


def _mappings(value: Value | None) -> Iterator[Mapping]:
    if isinstance(value, Mapping):
        yield from (v for v in value.values() if isinstance(v, Mapping))


def _notes(value: Value, findings: Findings) -> None:
    """A note that sources differ names the source."""
    if isinstance(value, Sequence):
        for part in value:
            _notes(part, findings)
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        if key == "note" and isinstance(part, Mapping):
            _one_note(part, findings)
        elif key == "notes" and isinstance(part, Sequence):
            for one in part:
                _one_note(one, findings)
        elif key not in ("tests", "cases", "parameters", "seen"):
            _notes(part, findings)


def _one_note(note: Value, findings: Findings) -> None:
    if isinstance(note, Mapping) and not _is_empty(note.get("source")):
        return
    findings.add(
        "E_NOTE_SOURCE",
        note.place,
        "说明没有写来源",
        "a note without its source",
        "写 {zh: …, source: 文件或网页, grade: A|B|C}",
        "write {zh: …, source: document or page, grade: A|B|C}",
    )


def _deadline(found: Mapping, of: PackFolder) -> None:
    apply = found.get("apply")
    deadline = apply.get("deadline") if isinstance(apply, Mapping) else None
    after = deadline.get("after") if isinstance(deadline, Mapping) else None
    if isinstance(after, Text) and (after not in of.facts or of.facts[after].type != "date"):
        of.findings.add(
            "E_DEADLINE_FACT",
            after.place,
            f"申请期限从“{after}”算起，它不是日期事实",
            f"the deadline counts from {str(after)!r}, which is no date fact",
            "写一个日期类的事实，如 cert_on",
            "name a fact of type date, such as cert_on",
        )


def _ends(version: Mapping, findings: Findings) -> None:
    start, end = _day(version, "from"), _day(version, "to")
    has_end, has_reason = not _is_empty(version.get("to")), not _is_empty(version.get("sunset"))
    if not has_end and not has_reason:
        findings.add(
            "E_NO_END",
            version.place,
            "版本既没有 to，也没有 sunset",
            "the version has neither `to` nor `sunset`",
            "写 to: 最后一天，或 sunset: 为什么没有终止日期",
            "write `to: LAST DAY`, or `sunset: why there is none`",
        )
    elif has_end and has_reason:
        findings.add(
            "E_END_TWICE",
            version["sunset"].place,
            "版本写了 to，又写了 sunset",
            "the version has both `to` and `sunset`",
            "留一个",
            "keep one",
        )
    if start is not None and end is not None and end < start:
        findings.add(
            "E_DATES_ORDER",
            version["to"].place,
            f"最后一天 {end} 早于第一天 {start}",
            f"the last day {end} lies before the first {start}",
            "改 from 或 to",
            "mend `from` or `to`",
        )


def _day(found: Mapping, key: str) -> date | None:
    try:
        return fields.day(found, key)
    except BadInput:
        return None


def _sentences(value: Value | None, findings: Findings) -> None:
    if isinstance(value, Sequence):
        for part in value:
            _sentences(part, findings)
    if not isinstance(value, Mapping):
        return
    if "when" in value and _is_empty(value.get("say")):
        no_sentence(value, findings)
    for key in (*GROUPS, "of"):
        _sentences(value.get(key), findings)


def no_sentence(clause: Mapping, findings: Findings) -> None:
    """A condition without the law's sentence."""
    findings.add(
        "E_NO_SAY",
        clause.place,
        f"条件“{clause.get('when')}”没有写 say",
        f"condition {str(clause.get('when'))!r} has no `say`",
        "用一句话写出法条的意思：say: …",
        "say in one sentence what the law asks: `say: …`",
    )


def _amount(version: Mapping, findings: Findings) -> None:
    unit, amount, why = version.get("unit"), version.get("amount_fen"), version.get("amount_why")
    rows = version.get("amounts")
    has_rows, has_one = isinstance(rows, Sequence) and bool(rows), not _is_empty(amount)
    for row in rows if isinstance(rows, Sequence) else []:
        if isinstance(row, Mapping) and _is_empty(row.get("say")):
            no_sentence(row, findings)
    if "amounts" in version and "amount_fen" in version:
        findings.add(
            "E_TWO_AMOUNTS",
            version["amounts"].place,
            "金额写了两种：amount_fen 和 amounts",
            "two amounts at once: amount_fen and amounts",
            "只留一种",
            "keep one",
        )
    if not isinstance(unit, Text) or unit not in UNITS:
        return
    if unit not in MONEY_UNITS and (has_rows or has_one):
        findings.add(
            "E_UNIT_AMOUNT",
            (amount if has_one and amount is not None else rows or unit).place,
            f"单位“{unit}”不是发钱的，不能有金额",
            f"unit {str(unit)!r} pays no money and takes no amount",
            f"去掉金额，或改单位（{'、'.join(MONEY_UNITS)}）",
            f"drop the amount, or change the unit ({', '.join(MONEY_UNITS)})",
        )
    if unit in MONEY_UNITS and not has_rows and not has_one and _is_empty(why):
        findings.add(
            "E_NO_AMOUNT",
            unit.place,
            f"单位是“{unit}”，却没有金额，也没有说为什么",
            f"unit {str(unit)!r} without an amount and without a reason",
            "写 amount_fen 或 amounts；金额由各地定的写 amount_why",
            "write amount_fen or amounts; where places set it, say so in amount_why",
        )


def _overlaps(versions: list[Mapping], findings: Findings) -> None:
    """Two versions of one region on one day, told at the later one."""
    seen: list[tuple[str, date, date, Mapping]] = []
    for version in versions:
        region, start = version.get("region"), _day(version, "from")
        if start is None:
            continue
        end = _day(version, "to") or date.max
        where = str(region) if isinstance(region, Text) else "CN"
        for other_where, first, last, other in seen:
            if other_where == where and start <= last and first <= end:
                findings.add(
                    "E_OVERLAP",
                    version.place,
                    f"{where} 的两个版本在 {max(start, first)} 都有效（另一个在第 {other.line} 行）",
                    f"two versions of {where} are in force on {max(start, first)} (the other in line {other.line})",
                    "改 from 或 to，让它们前后相接",
                    "mend `from` or `to` so that one follows the other",
                )
        seen.append((where, start, end, version))
