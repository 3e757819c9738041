"""The check of a bulletin: every numeral is a number of a table, and looked up again it reads the same."""

from __future__ import annotations

from dataclasses import dataclass

from leye.kernel.errors import CheckFailed
from leye.office.reports.content import Paragraph, Report, Table, numbers_of, spans_of
from leye.office.reports.numbers import write
from leye.office.reports.pen import NUMERAL
from leye.office.reports.sources import Tables, look_up


@dataclass(frozen=True, slots=True)
class Fault:
    """section: title of the section · number: its id, empty for a numeral without a source · stands: what the report says · should: what the tables
    say, empty without a source."""

    section: str
    number: str
    stands: str
    should: str


def faults(report: Report, tables: Tables) -> list[Fault]:
    """All faults of a report; none of a good one."""
    return [*_unlinked(report), *_wrong(report, tables)]


def check(report: Report, tables: Tables) -> int:
    """How many numbers were looked up. Raises CheckFailed (E_REPORT_NUMBERS) with the first faults."""
    found = faults(report, tables)
    if found:
        zh = "；".join(f"“{f.section}”写的是 {f.stands}" + (f"，表里是 {f.should}" if f.number else "，没有出处") for f in found[:5])
        raise CheckFailed(
            f"报告里有 {len(found)} 个数与运行结果对不上：{zh}",
            en=f"{len(found)} numerals of the report disagree with the run: "
            + "; ".join(f"{f.stands} should be {f.should or 'linked'}" for f in found[:5]),
            remedy_zh="重新生成这一期，不要手改",
            remedy_en="make the issue again and change nothing by hand",
            code="E_REPORT_NUMBERS",
        )
    return len(numbers_of(report))


def _unlinked(report: Report) -> list[Fault]:
    found: list[Fault] = []
    for section in report.sections:
        texts = [section.title]
        for block in section.blocks:
            texts += [s.text for s in spans_of(block) if s.number is None]
            texts += [block.caption, *block.header] if isinstance(block, Table) else []
            texts += [] if isinstance(block, Paragraph | Table) else [getattr(block, "caption", "") or getattr(block, "label", "")]
        found += [Fault(section.title, "", text, "") for text in texts if NUMERAL.search(text)]
    return found


def _wrong(report: Report, tables: Tables) -> list[Fault]:
    found = []
    for section, number, text in numbers_of(report):
        should = write(look_up(number.source, tables), number.form, number.unit, report.lang)
        if should != text:
            found.append(Fault(section, number.id, text, should))
    return found
