"""Uploaded files to text: .txt, .docx, .pdf. Nothing in a file is run or fetched; what cannot be read is refused by name with what to do."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from leye.match.resumes import document_refusals as refusals

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
"""Bytes of a .docx after unpacking; a bomb unpacks to more. # chosen by us: ten times the largest upload"""
MOST_PAGES = 30
MOST_CHARACTERS = 100_000
"""Characters kept of a text. # chosen by us: a résumé of thirty full pages"""
LEAST_CHARACTERS = 10
"""A PDF of pages with fewer characters in all is a picture."""
ENDINGS = (".txt", ".docx", ".pdf")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Document:
    """text: plain, lines parted by one line feed · pages: of a PDF, else 1 · notes: ids of what the reader should know (`cut`, `pictures`)."""

    text: str
    pages: int
    notes: tuple[str, ...] = ()


def read_document(name: str, data: bytes) -> Document:
    """Text of a file as uploaded.

    Raises BadInput: E_RESUME_TYPE (ending), E_RESUME_EMPTY, E_RESUME_SIZE, E_RESUME_NOT_THIS_TYPE (the ending lies), E_RESUME_ENCRYPTED,
    E_RESUME_SCANNED (a picture without text), E_RESUME_BOMB, E_RESUME_BROKEN.
    """
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    if ending not in ENDINGS:
        raise refusals.wrong_ending(ending)
    if not data.strip():
        raise refusals.empty()
    if len(data) > MOST_BYTES:
        raise refusals.too_large(len(data), MOST_BYTES)
    text, pages, notes = {".txt": _plain, ".docx": _word, ".pdf": _pdf}[ending](data)
    clean = cleaned(text)
    if not clean:
        raise refusals.empty()
    if len(clean) > MOST_CHARACTERS:
        clean, notes = clean[:MOST_CHARACTERS], (*notes, "cut")
    return Document(clean, pages, notes)


def cleaned(text: str) -> str:
    """One kind of line end, no control or direction marks, no runs of empty lines; markup stays text and is escaped where it is shown."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\u00a0\u3000]+\n", "\n", text)).strip()


def _plain(data: bytes) -> tuple[str, int, tuple[str, ...]]:
    if data[:4] == b"PK\x03\x04" or data[:5] == b"%PDF-":
        raise refusals.another_type()
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        codings: tuple[str, ...] = ("utf-16",)
    else:
        codings = ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, 1, ()
    raise refusals.another_type()


def _word(data: bytes) -> tuple[str, int, tuple[str, ...]]:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # an old .doc, or a .docx under a password
        raise refusals.encrypted_or_old()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED or len(packed.infolist()) > 2000:
                raise refusals.bomb()
            if "word/document.xml" not in packed.namelist():
                raise refusals.another_type()
    except zipfile.BadZipFile as error:
        raise refusals.another_type() from error
    return _paragraphs(data), 1, ()


def _paragraphs(data: bytes) -> str:
    """Paragraphs and table rows in the order of the document."""
    import docx
    from docx.table import Table

    try:
        lines: list[str] = []
        for block in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                lines += [" ".join(dict.fromkeys(c.text.strip() for c in row.cells if c.text.strip())) for row in block.rows]
            else:
                lines.append(block.text)
    except Exception as error:  # the parser of a hostile file may fail in any way; the answer is the same
        raise refusals.broken() from error
    return "\n".join(lines)


def _pdf(data: bytes) -> tuple[str, int, tuple[str, ...]]:
    import pypdf

    if b"%PDF-" not in data[:1024]:
        raise refusals.another_type()
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its notes on broken files would fill the log with parts of people's files
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusals.encrypted()
        pages = len(reader.pages)
        parts = [reader.pages[k].extract_text() or "" for k in range(min(pages, MOST_PAGES))]
    except refusals.BadInput:
        raise
    except Exception as error:
        raise refusals.broken() from error
    text = "\n".join(parts)
    if len("".join(text.split())) < LEAST_CHARACTERS:
        raise refusals.scanned()
    blank = any(not p.strip() for p in parts)
    return text, pages, (("pictures",) if blank else ()) + (("cut",) if pages > MOST_PAGES else ())
