"""`leye trust check-proof | check-vectors`: no database, no login, no network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from leye.kernel.errors import BadInput


def check_proof(
    file: Annotated[Path, typer.Argument(metavar="F", help="回执 .tlog-proof · the receipt")],
    keys: Annotated[Optional[Path], typer.Option("--keys", help="公钥文件，默认本机的 log.vkey · vkey lines")] = None,  # noqa: UP045 - typer reads it
    opening: Annotated[Optional[Path], typer.Option("--opening", help="开启文件 F.opening.json · confirm the commitments")] = None,  # noqa: UP045
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine output")] = False,
) -> None:
    """核对回执：0 成立，1 不成立，2 不是回执或没有公钥。Check a receipt: 0 sound, 1 false, 2 not a receipt or no key."""
    from leye.cli.trust_view import keys_of, pinned_keys, read_text
    from leye.trust.openings import LARGEST_OPENING, read_opening
    from leye.trust.receipts import LARGEST_RECEIPT, NotAReceipt, check_receipt

    try:
        text = read_text(file, LARGEST_RECEIPT)
    except BadInput as error:
        raise NotAReceipt(f"这不是回执：{error.zh}", en=f"not a receipt: {error.en}", remedy_zh=error.remedy_zh, remedy_en=error.remedy_en) from None
    opened = read_opening(read_text(opening, LARGEST_OPENING)) if opening is not None else None
    found = check_receipt(text, keys_of(keys) if keys is not None else pinned_keys(), opened)
    said = {"ok": True, "index": found.index, "size": found.size, "origin": found.origin, "record": found.text}
    if opened is not None:
        said["opened"] = {name: field["value"] for name, field in opened["fields"].items()}
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"回执成立：第 {found.index} 条，在 {found.origin} 签名的 {found.size} 条之内\n")
    if opened is not None:
        sys.stdout.write(f"开启文件和记录一致：{'、'.join(opened['fields'])}\n")


def check_vectors(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="每行一个向量 · a vector a line")],
    as_json: Annotated[bool, typer.Option("--json", help="输出总是 JSON · JSON either way")] = False,
) -> None:
    """用公开的 Merkle 证明向量检验验证器。Try the verifiers on Merkle proof vectors; exit 1 when any disagrees."""
    from leye.trust.vectors import check_vectors as check

    found = check(file)
    sys.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False) + "\n")
    if found.disagree:
        raise typer.Exit(1)
