"""The pen that bulletins are written with: templates without digits, and slots that only numbers with a source can fill.

A template that holds a digit, or a Chinese numeral before a measure word, is refused. So no figure gets into a report but out of a table of its run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from leye.office.published import Row, Series, Snapshot
from leye.office.reports.content import Block, Label, Paragraph, Picture, Section, Span, Table
from leye.office.reports.figures_zh import series_href
from leye.office.reports.numbers import Number
from leye.office.reports.sources import OWN, Cell, Condition, Formula, Source, look_up

NUMERAL = re.compile(r"\d|(?<!同)[零一二两三四五六七八九十百千万亿]+(?:成|个|条|盏|项|份|倍|人|家|期|点|元|岁|%)|[一二三四五六七八九十]+季度")
"""What counts as a numeral in running text: any digit, and Chinese numerals used as amounts (同一个 is none)."""
PARTS = {
    "finding": ("发现", "Finding"),
    "evidence": ("证据", "Evidence"),
    "uncertainty": ("不确定性", "Uncertainty"),
    "action": ("建议", "Action"),
}
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass
class Pen:
    """snapshot: the run that the report speaks of · before: the run of the issue before, None for the first · own: tables written down with the
    report (`desk_alerts`, `settings`, `issue`, …) · lang: zh or en."""

    snapshot: Snapshot
    before: Snapshot | None
    own: Mapping[str, Sequence[Row]]
    lang: str
    _made: int = 0
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def tables(self, run_id: str, table: str) -> pl.DataFrame:
        """A table of the run, of the run before, or of the report's own."""
        if run_id == OWN:
            if table not in self._frames:
                self._frames[table] = own_frame(self.own.get(table, ()))
            return self._frames[table]
        return (self.snapshot if self.before is None or run_id == self.snapshot.run_id else self.before).frame(table)

    def pick(self, zh: str, en: str) -> str:
        """One of the two texts."""
        return en if self.lang == "en" else zh

    def cell(self, table: str, column: str = "", *, how: str = "only", part: str = "", of: Snapshot | None = None, **keys: Any) -> Cell:
        """A cell of the run's table by key columns that must be equal."""
        return self.where(table, tuple((k, "=", v) for k, v in keys.items()), column, how=how, part=part, of=of)

    def where(
        self, table: str, where: Sequence[Condition], column: str = "", *, how: str = "only", part: str = "", of: Snapshot | None = None
    ) -> Cell:
        """A cell or tally by conditions."""
        run_id = OWN if table in self.own else (of or self.snapshot).run_id
        return Cell(run_id, table, tuple(where), column, how, part)

    def value(self, source: Source) -> Any:
        """What stands there; not yet a number of the report."""
        return look_up(source, self.tables)

    def number(self, source: Source, form: str, href: str, unit: str = "") -> Span:
        """A number of the report."""
        self._made += 1
        made = Number(f"n{self._made}", look_up(source, self.tables), form, unit, source, href)
        return Span(made.text(self.lang), href, "", made)

    def pair(self, low: Source, high: Source, href: str, unit: str) -> Span:
        """An interval in one piece of text."""
        return self.number(formula("pair", low, high), "pair", href, unit)

    def line(self, zh: str, en: str, *, level: str = "", **slots: Span) -> Paragraph:
        """A sentence. The template's slots are filled in the order of the language. Raises ValueError for a numeral in the template."""
        template = self.pick(zh, en)
        if NUMERAL.search(_SLOT.sub("", template)):
            raise ValueError(f"a numeral without a source: {template!r}")
        pieces = _SLOT.split(template)
        spans = [slots[p] if at % 2 else Span(p) for at, p in enumerate(pieces) if p]
        return Paragraph(tuple(spans), level)

    def together(self, lead: Paragraph, lines: Sequence[Paragraph]) -> Paragraph:
        """Several short lines in one sentence, after a lead."""
        spans = list(lead.spans)
        for at, line in enumerate(lines):
            spans += [Span(self.pick("、", ", ")) if at else Span(""), *line.spans]
        return Paragraph((*spans, Span(self.pick("。", "."))), lead.level)

    def title(self, series: Series) -> Span:
        """The name of a series, linked; it may hold digits (12333), so it is a number's text like any other."""
        column = "title_en" if self.lang == "en" and series.title_en else "title_zh"
        return self.number(self.cell("panel_keys", column, unique_id=series.unique_id), "text", series_href(series.unique_id))

    def y(self, series: Series, ds: date, of: Snapshot | None = None) -> Cell:
        """The observed value of a month."""
        return self.cell("panel", "y", unique_id=series.unique_id, ds=ds, of=of)

    def month(self, series: Series, ds: date, table: str = "panel") -> Span:
        """A month of a series, as its table dates it."""
        return self.number(self.cell(table, "ds", unique_id=series.unique_id, ds=ds), "month", series_href(series.unique_id))

    def figure(self, source: Source, series: Series) -> Span:
        """A figure in the unit of a series, leading to its page."""
        return self.number(source, "figure", series_href(series.unique_id), series.unit or "")

    def setting(self, name: str, form: str) -> Span:
        """A constant of the program that the text speaks of, such as the least count shown."""
        return self.number(self.cell("settings", "value", name=name), form, "/algorithms")

    def rows(self, table: str, where: Sequence[Condition], href: str, of: Snapshot | None = None) -> Span:
        """How many rows of a table hold the conditions."""
        return self.number(self.where(table, where, how="rows", of=of), "count", href)

    def table(self, caption: tuple[str, str], header: Sequence[tuple[str, str]], rows: Sequence[Sequence[Span]], text_columns: int = 1) -> Table:
        """A table whose columns after `text_columns` are figures."""
        names = tuple(self.pick(*h) for h in header)
        for text in (self.pick(*caption), *names):
            if NUMERAL.search(text):
                raise ValueError(f"a numeral without a source: {text!r}")
        return Table(self.pick(*caption), names, tuple(tuple(r) for r in rows), frozenset(range(text_columns, len(names))))

    def picture(self, series: Series, zh: str, en: str) -> Picture:
        """The fan of a series; its caption holds no digit."""
        return Picture(series.unique_id, self.pick(zh, en))

    def section(
        self, title: tuple[str, str], *, finding: Sequence[Block], evidence: Sequence[Block], uncertainty: Sequence[Block], action: Sequence[Block]
    ) -> Section:
        """A section with its four parts, none of which may be empty."""
        parts = {"finding": finding, "evidence": evidence, "uncertainty": uncertainty, "action": action}
        empty = [name for name, blocks in parts.items() if not blocks]
        if empty:
            raise ValueError(f"section {title[1]!r} lacks {', '.join(empty)}")
        blocks = [b for name, found in parts.items() for b in (Label(name, self.pick(*PARTS[name])), *found)]
        return Section(self.pick(*title), tuple(blocks))


def own_frame(rows: Sequence[Row]) -> pl.DataFrame:
    """Rows that were stored as JSON, as a frame."""
    return pl.DataFrame(list(rows), infer_schema_length=None) if rows else pl.DataFrame()


def formula(name: str, *of: Source) -> Formula:
    """A figure made of others; see `sources.FORMULAS`."""
    return Formula(name, of)
