"""`leye policy lint [PACK]`: refuse or accept rule packs, everything wrong at once with file, line and remedy."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def lint(
    pack: Annotated[str | None, typer.Argument(help="规则包名称或文件夹；不写则全部 / a pack's name or folder; all without it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 列表 / a JSON list")] = False,
    english: Annotated[bool, typer.Option("--en", help="英文 / findings in English")] = False,
) -> None:
    """检查规则包：有错误退出码 1，文件读不了退出码 2。Lint rule packs: exit 1 when refused, 2 when a file cannot be read."""
    from leye.policy.lint import Bases, is_refused, is_unreadable, lint
    from leye.policy.read_pack import NATIONAL, folder_of, shipped_regions

    names = [pack] if pack is not None else [NATIONAL, *shipped_regions()]
    bases: Bases = {}
    found = [finding for name in names for finding in lint(folder_of(name), bases)]
    if as_json:
        sys.stdout.write(json.dumps([f.as_dict() for f in found], ensure_ascii=False) + "\n")
    else:
        errors = sum(f.is_error for f in found)
        for finding in found:
            sys.stdout.write(f"{finding.in_english() if english else finding}\n")
        sys.stdout.write(f"{len(names)} packs, {errors} errors, {len(found) - errors} warnings\n" if english else
                         f"{len(names)} 个规则包，{errors} 处错误，{len(found) - errors} 处提醒\n")  # fmt: skip
    if is_refused(found):
        raise typer.Exit(2 if is_unreadable(found) else 1)
