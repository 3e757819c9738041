"""A finished report as JSON and back: what is published stays as it was, whatever the program writes later."""

from __future__ import annotations

from typing import Any

from leye.office.reports.content import Block, Label, Paragraph, Picture, Report, Section, Span, Table
from leye.office.reports.numbers import number_from_json


def as_json(report: Report) -> dict[str, Any]:
    """Plain JSON of a report; `report_of` reads it."""
    lead = None if report.lead is None else _block(report.lead)
    sections = [{"title": s.title, "blocks": [_block(b) for b in s.blocks]} for s in report.sections]
    plain = {n: getattr(report, n) for n in ("title", "run_id", "month", "published_at", "is_city", "origin", "lang")}
    return plain | {"lead": lead, "sections": sections}


def report_of(told: dict[str, Any]) -> Report:
    """The report that `as_json` wrote."""
    lead = None if told["lead"] is None else Paragraph(tuple(_span_of(s) for s in told["lead"]["spans"]))
    sections = tuple(Section(s["title"], tuple(_block_of(b) for b in s["blocks"])) for s in told["sections"])
    plain = {n: told[n] for n in ("title", "run_id", "month", "published_at", "is_city", "origin", "lang")}
    return Report(sections=sections, lead=lead, **plain)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"is": "paragraph", "level": block.level, "spans": [_span(s) for s in block.spans]}
    if isinstance(block, Table):
        rows = [[_span(s) for s in row] for row in block.rows]
        return {"is": "table", "caption": block.caption, "header": list(block.header), "rows": rows, "numeric": sorted(block.numeric)}
    if isinstance(block, Picture):
        return {"is": "picture", "unique_id": block.unique_id, "caption": block.caption}
    return {"is": "label", "part": block.part, "label": block.label}


def _span(span: Span) -> dict[str, Any]:
    told = {"text": span.text, "href": span.href, "level": span.level, "number": span.number.as_json() if span.number else None}
    return {k: v for k, v in told.items() if v}


def _block_of(told: dict[str, Any]) -> Block:
    if told["is"] == "paragraph":
        return Paragraph(tuple(_span_of(s) for s in told["spans"]), told["level"])
    if told["is"] == "table":
        rows = tuple(tuple(_span_of(s) for s in row) for row in told["rows"])
        return Table(told["caption"], tuple(told["header"]), rows, frozenset(told["numeric"]))
    if told["is"] == "picture":
        return Picture(told["unique_id"], told["caption"])
    return Label(told["part"], told["label"])


def _span_of(told: dict[str, Any]) -> Span:
    number = told.get("number")
    return Span(told.get("text", ""), told.get("href", ""), told.get("level", ""), number_from_json(number) if number else None)
