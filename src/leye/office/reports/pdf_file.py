"""The report as PDF, printed by Debian's Chromium from the same page. Where there is no Chromium, people print from their own browser."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from leye.kernel.errors import LeyeError, NotFound

TIMEOUT_S = 60


def has_chromium(chromium: Path) -> bool:
    """Whether a PDF can be made here."""
    return chromium.exists()


def html_to_pdf(html: str, *, chromium: Path) -> bytes:
    """Bytes of the printed page. The page must hold its styles and pictures itself; no network is asked.

    Raises NotFound without Chromium, LeyeError when it does not finish.
    """
    if not has_chromium(chromium):
        raise NotFound(
            "这台机器没有 Chromium，出不了 PDF",
            en="no Chromium on this machine, so no PDF",
            remedy_zh="在报告页按 Ctrl+P 打印成 PDF，或安装 chromium",
            remedy_en="print the page from your browser, or install chromium",
        )
    with tempfile.TemporaryDirectory(prefix="leye-pdf-") as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(html, encoding="utf-8")
        command = [
            str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-background-networking",
            f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, check=True, timeout=TIMEOUT_S, capture_output=True)
            return target.read_bytes()
        except (subprocess.SubprocessError, FileNotFoundError) as error:
            raise LeyeError(
                "PDF 没有打印出来",
                en="the PDF was not printed",
                remedy_zh="在报告页按 Ctrl+P 打印成 PDF",
                remedy_en="print the page from your browser",
                code="E_PDF",
            ) from error
