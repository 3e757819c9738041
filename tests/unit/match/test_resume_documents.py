"""Uploaded files: what can be read is read whole, everything else is refused by name with what to do."""

from __future__ import annotations

import io
import zipfile

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.match.resumes import documents
from leye.match.resumes.documents import MOST_BYTES, MOST_CHARACTERS, read_document
from leye.match.resumes.parse import parse_resume


def word_file(*lines: str, cells: tuple[str, ...] = ()) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    if cells:
        row = made.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made.save(out)
    return out.getvalue()


def pdf_file(*, words: str = "", password: str = "") -> bytes:
    """One page; words in Latin letters as a content stream of Helvetica."""
    made, out = pypdf.PdfWriter(), io.BytesIO()
    page = made.add_blank_page(300, 300)
    if words:
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
        font = pypdf.generic.DictionaryObject({
            pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
            pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
            pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
        })  # fmt: skip
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/Font"): fonts})
        page[pypdf.generic.NameObject("/Contents")] = made._add_object(stream)
    if password:
        made.encrypt(password, algorithm="RC4-128")
    made.write(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 30_000_000)
    return out.getvalue()


def test_texts_in_their_codings():
    for coding in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"):
        assert read_document("我的简历.TXT", "张三，会电工。\r\n\r\n\r\n\r\n大专".encode(coding)).text == "张三，会电工。\n\n大专"


def test_word_files_in_the_order_of_their_blocks():
    text = read_document("a.docx", word_file("张三", "会电工", cells=("学历", "大专", "大专"))).text
    assert text == "张三\n会电工\n学历 大专"


def test_pdf_with_text():
    found = read_document("a.pdf", pdf_file(words="Java developer, 5 years"))
    assert (found.text, found.pages) == ("Java developer, 5 years", 1)


REFUSED = [
    ("a.doc", b"x", "E_RESUME_TYPE", "an old kind of file"),
    ("简历", b"x", "E_RESUME_TYPE", "no ending"),
    ("a.docx.exe", b"MZ", "E_RESUME_TYPE", "the last ending counts"),
    ("a.txt", b"", "E_RESUME_EMPTY", "nothing"),
    ("a.txt", " \n\u200b".encode(), "E_RESUME_EMPTY", "nothing that can be seen"),
    ("a.txt", b"a" * (MOST_BYTES + 1), "E_RESUME_SIZE", "too large"),
    ("a.txt", b"%PDF-1.7 ...", "E_RESUME_NOT_THIS_TYPE", "a PDF called .txt"),
    ("a.txt", b"\xff\x00\x81\x00\xff", "E_RESUME_NOT_THIS_TYPE", "no text at all"),
    ("a.docx", b"%PDF-1.7", "E_RESUME_NOT_THIS_TYPE", "a PDF called .docx"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "E_RESUME_ENCRYPTED", "an old or a protected Word file"),
    ("a.docx", bomb(), "E_RESUME_BOMB", "unpacks to 30 MB"),
    ("a.pdf", word_file("张三"), "E_RESUME_NOT_THIS_TYPE", "a Word file called .pdf"),
    ("a.pdf", pdf_file(password="secret"), "E_RESUME_ENCRYPTED", "under a password"),
    ("a.pdf", pdf_file(), "E_RESUME_SCANNED", "a page without text"),
    ("a.pdf", b"%PDF-1.7\n" + b"junk" * 50, "E_RESUME_BROKEN", "cut off"),
]


@pytest.mark.parametrize(("name", "data", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_refused_by_name(name, data, code, why):
    with pytest.raises(BadInput) as refused:
        read_document(name, data)
    error = refused.value
    assert error.code == code
    assert error.remedy_zh and error.remedy_en and error.remedy_zh != error.remedy_en and error.en != error.zh


def test_a_long_text_is_cut_and_says_so():
    found = read_document("a.txt", "会电工。".encode() * (MOST_CHARACTERS // 4 + 10))
    assert len(found.text) == MOST_CHARACTERS and found.notes == ("cut",)


def test_markup_and_scripts_stay_plain_text():
    text = read_document("a.txt", b"<script>alert(1)</script> Java").text
    assert text == "<script>alert(1)</script> Java"
    assert read_document("a.txt", "a\u202eb\x07c".encode()).text == "abc", "no marks that turn the reading direction"


@given(st.binary(max_size=300), st.sampled_from(documents.ENDINGS))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(data, ending):
    try:
        assert read_document("x" + ending, data).text
    except BadInput as error:
        assert error.code.startswith("E_RESUME_")


def test_two_megabytes_are_parsed():
    text = read_document("a.txt", ("2016年至2019年任佛山市美的电器有限公司电工。\n" * 20_000).encode()[:MOST_BYTES]).text
    assert len(text) == MOST_CHARACTERS
    slots = parse_resume(text[:3_000])
    assert {"org", "title"} <= {s.slot for s in slots}
