"""The report as a Word file: headings, tables, pictures, and a hyperlink on every figure that has a page."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from leye.office.reports.content import Label, Paragraph, Picture, Report, Span, Table
from leye.office.reports.figures_zh import LEVEL_ZH

FONT = "Microsoft YaHei"
TOOLTIP = 250
"""Characters that Word shows of a link's tip."""
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def write_docx(report: Report, *, site: str, pictures: Mapping[str, str]) -> bytes:
    """The file's bytes. site: address put before links, such as `http://127.0.0.1:8000` · pictures: unique_id to SVG; absent ones are left out."""
    demo = "Demo data · made-up city" if report.lang == "en" else "演示数据 · 合成城市"
    document = begin_document(report.title, [*([demo] if report.is_city else []), *([] if report.lead else [report.line])])
    if report.lead:
        _paragraph(document.add_paragraph(), report.lead, site, report.lang)
        _page_numbers(document)
    for section in report.sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                _paragraph(document.add_paragraph(), block, site, report.lang)
            elif isinstance(block, Label):
                document.add_heading(block.label, level=2)
            elif isinstance(block, Table):
                _table(document, block, site)
            elif block.unique_id in pictures:
                _picture(document, block, pictures[block.unique_id])
    return document_bytes(document)


def begin_document(title: str, lines: Sequence[str]) -> Any:
    """A page A4 upright in our fonts, with a title and lines under it. Other papers of the office begin with it too."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    _fonts(document)
    document.core_properties.title, document.core_properties.author = title, "乐业"
    document.add_heading(title, level=0)
    for line in lines:
        document.add_paragraph(line)
    return document


def document_bytes(document: Any) -> bytes:
    """The file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fonts(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
        style.font.color.rgb = RGBColor(0x17, 0x32, 0x4D)
    document.styles["Normal"].font.size = Pt(10.5)
    document.styles["Title"].font.size = Pt(20)
    document.styles["Heading 2"].font.size = Pt(10.5)


def _page_numbers(document: Any) -> None:
    """The page's number at the foot, which Word fills in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _paragraph(target: Any, block: Paragraph, site: str, lang: str) -> None:
    if block.level:
        target.add_run(f"[{block.level.capitalize()}] " if lang == "en" else f"【{LEVEL_ZH[block.level]}】").bold = True
    for span in block.spans:
        _span(target, span, site)


def _span(target: Any, span: Span, site: str) -> None:
    """A run, or a hyperlink built by hand: python-docx reads them, but offers no call that adds one."""
    if not span.href:
        target.add_run(span.text)
        return
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link = OxmlElement("w:hyperlink")
    if span.number is not None:
        link.set(qn("w:tooltip"), f"{span.number.id} {span.number.run_id} {span.number.source.text()}"[:TOOLTIP])
    link.set(qn("r:id"), target.part.relate_to(site + span.href, _LINK, is_external=True))
    run = target.add_run(span.text)
    run.font.color.rgb, run.font.underline = RGBColor(0x1D, 0x5F, 0xA8), True
    link.append(run._r)
    target._p.append(link)


def _table(document: Any, block: Table, site: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_paragraph(block.caption)
    table = document.add_table(rows=1, cols=len(block.header))
    table.style = "Light Grid"
    for cell, name in zip(table.rows[0].cells, block.header, strict=True):
        cell.text = name
    for row in block.rows:
        for at, (cell, span) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _span(cell.paragraphs[0], span, site)
            if at in block.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _picture(document: Any, block: Picture, svg: str) -> None:
    from docx.shared import Mm

    from leye.office.reports.pictures import png_of

    document.add_picture(io.BytesIO(png_of(svg)), width=Mm(160))
    document.add_paragraph(block.caption)
