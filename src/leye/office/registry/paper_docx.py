"""A paper as a Word file, in the form of the office's other documents."""

from __future__ import annotations

from typing import Any

from leye.office.reports.docx_file import begin_document, document_bytes
from leye.trust.registry.papers import Paper, Rows, Sentence

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper_docx(paper: Paper, *, lines: tuple[str, ...] = ()) -> bytes:
    """The file's bytes. lines: what stands under the title besides the subtitle, such as who signed."""
    document = begin_document(paper.title, [paper.subtitle, *lines])
    for section in paper.sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            if isinstance(block, Sentence):
                document.add_paragraph(block.text)
            else:
                _table(document, block)
    if paper.missing:
        document.add_paragraph(f"待填写：{'、'.join(paper.missing)}")
    return document_bytes(document)


def _table(document: Any, block: Rows) -> None:
    table = document.add_table(rows=1, cols=len(block.header))
    table.style = "Light Grid"
    for cell, name in zip(table.rows[0].cells, block.header, strict=True):
        cell.text = name
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()
