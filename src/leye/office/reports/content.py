"""A report as parts: sections of sentences, tables and pictures, every figure with its address, in bulletins with its source too.

Page, print and .docx render the same parts. Addresses are inside the site; whoever writes a file puts the site's address before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from leye.office.reports.numbers import Number


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; with `href` it is a link, with `level` it stands in the lamp of that level, with `number` it is that number as written."""

    text: str
    href: str = ""
    level: str = ""
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. level: a lamp's level when the paragraph begins with one."""

    spans: tuple[Span, ...]
    level: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. numeric: columns (from 0) that are figures and stand to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """The fan of a series, titled by its finding."""

    unique_id: str
    caption: str


@dataclass(frozen=True, slots=True)
class Label:
    """Says which of a section's four parts begins. part: `finding`, `evidence`, `uncertainty`, `action`."""

    part: str
    label: str


Block: TypeAlias = Paragraph | Table | Picture | Label


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """month: newest month of the data, as people write it · is_city: the figures are made up and every copy has to say so.

    origin: the line under the title, where a report speaks of something else than a run · lead: the same as a paragraph with linked numbers, where a
    report has it · lang: `zh` or `en`.
    """

    title: str
    run_id: str
    month: str
    published_at: str
    is_city: bool
    sections: tuple[Section, ...]
    origin: str = ""
    lead: Paragraph | None = None
    lang: str = "zh"

    @property
    def line(self) -> str:
        """What it was made from and when, under the title."""
        return self.origin or f"数据到 {self.month} · 运行 {self.run_id} · 发布于 {self.published_at}"

    def pictures(self) -> list[Picture]:
        """All pictures, in order."""
        return [b for s in self.sections for b in s.blocks if isinstance(b, Picture)]


def said(*parts: str | Span, level: str = "") -> Paragraph:
    """A paragraph of texts and links."""
    return Paragraph(tuple(p if isinstance(p, Span) else Span(p) for p in parts), level)


def spans_of(block: Block) -> tuple[Span, ...]:
    """All spans of a block, in reading order."""
    if isinstance(block, Paragraph):
        return block.spans
    return tuple(s for row in block.rows for s in row) if isinstance(block, Table) else ()


def numbers_of(report: Report) -> list[tuple[str, Number, str]]:
    """Every number with the section it stands in (empty: under the title) and its text, in reading order."""
    found = [("", s) for s in (report.lead.spans if report.lead else ())]
    found += [(section.title, s) for section in report.sections for block in section.blocks for s in spans_of(block)]
    return [(title, s.number, s.text) for title, s in found if s.number is not None]
