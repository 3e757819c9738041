"""Why an uploaded file cannot be read, and what to do."""

from __future__ import annotations

from leye.kernel.errors import BadInput

__all__ = ["BadInput", "another_type", "bomb", "broken", "empty", "encrypted", "encrypted_or_old", "scanned", "too_large", "wrong_ending"]


def _said(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, code=code)


def wrong_ending(ending: str) -> BadInput:
    """Another kind of file."""
    told = ending or "没有扩展名"
    return _said(
        "E_RESUME_TYPE", f"这种文件读不了：{told}", f"no résumé is read from {ending or 'a name without ending'}",
        "存成 .docx、.pdf 或 .txt 再传；也可以把文字直接贴进来", "save it as .docx, .pdf or .txt; or paste the text",
    )  # fmt: skip


def empty() -> BadInput:
    """Nothing in it."""
    return _said("E_RESUME_EMPTY", "文件里没有文字", "the file holds no text", "换一个文件，或把文字贴进来", "choose another file, or paste the text")


def too_large(size: int, most: int) -> BadInput:
    """More than is taken."""
    return _said(
        "E_RESUME_SIZE", f"文件有 {size / 1e6:.1f} MB，最多 {most / 1e6:.0f} MB", f"the file has {size / 1e6:.1f} MB, at most {most / 1e6:.0f} MB",
        "去掉照片再存一次，或把文字贴进来", "save it without pictures, or paste the text",
    )  # fmt: skip


def another_type() -> BadInput:
    """The ending says one thing, the content another."""
    return _said(
        "E_RESUME_NOT_THIS_TYPE", "文件内容和扩展名对不上", "the content is not what the ending says",
        "用原来的软件打开，另存为 .docx、.pdf 或 .txt", "open it in its own program and save it as .docx, .pdf or .txt",
    )  # fmt: skip


def encrypted() -> BadInput:
    """Under a password."""
    return _said(
        "E_RESUME_ENCRYPTED",
        "这份 PDF 设了密码",
        "this PDF asks for a password",
        "去掉密码再传，或把文字贴进来",
        "remove the password, or paste the text",
    )


def encrypted_or_old() -> BadInput:
    """The container of old .doc files and of .docx files under a password."""
    return _said(
        "E_RESUME_ENCRYPTED", "这是旧格式或设了密码的 Word 文件", "this is an old or a protected Word file",
        "打开后去掉密码，另存为 .docx", "open it, remove the password and save it as .docx",
    )  # fmt: skip


def scanned() -> BadInput:
    """Pictures of pages."""
    return _said(
        "E_RESUME_SCANNED", "这份 PDF 是扫描图片，里面没有文字", "this PDF holds pictures of pages and no text",
        "传 Word 或能选中文字的 PDF，或者把内容打在下面的框里；也可以带到服务站请人录",
        "upload a Word file or a PDF with selectable text, or type it below; the service desk can type it for you",
    )  # fmt: skip


def bomb() -> BadInput:
    """Unpacks to far more than a résumé."""
    return _said(
        "E_RESUME_BOMB",
        "这个文件展开后大得不正常，没有打开",
        "the file unpacks to an unreasonable size and was not opened",
        "另存一份新的 .docx 再传",
        "save it anew as .docx",
    )


def broken() -> BadInput:
    """Cannot be read."""
    return _said(
        "E_RESUME_BROKEN",
        "文件坏了，打不开",
        "the file is broken",
        "用原来的软件打开，另存一份再传，或把文字贴进来",
        "open it, save it anew, or paste the text",
    )
