"""`leye policy conflicts PAYMENTS`: payments that exclude each other, with the item that each collides with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def conflicts(
    payments: Annotated[
        Path,
        typer.Argument(help="付款表 payment_id,person_id,firm_id,policy,month,cert_no,amount_fen,paid_on / table of payments"),
    ],
    out: Annotated[Path | None, typer.Option("--out", help="写成表（.parquet 或 .csv） / write the pairs")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次；默认全部 / rule packs, default all")] = None,
    check: Annotated[bool, typer.Option("--check", help="有重复付款时退出码 1 / exit 1 when there are any")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """找出不该同时付的款：同一证书、同一月、同一次招用、只付一次的。Find payments that exclude each other and name the other one."""
    from leye.cli.policy_words import packs_of
    from leye.cli.table_file import check_ending, write_table
    from leye.policy.optimise.history import read_table
    from leye.policy.promote import conflicts_in

    check_ending(out)
    found = conflicts_in(read_table(payments), packs_of(pack), source=payments.name)
    if out is not None:
        write_table(found.pairs, out)
    if found.unknown_policies:
        sys.stderr.write(f"规则包里没有这些政策，它们的付款没有查：{'、'.join(found.unknown_policies)}\n")
    if as_json:
        pairs = json.loads(json.dumps(found.pairs.to_dicts(), default=str))
        whole = {"pairs": pairs, "at_stake_fen": found.at_stake_fen, "unknown_policies": list(found.unknown_policies)}
        sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
    else:
        for row in found.pairs.iter_rows(named=True):
            who = row["person_id"] or row["firm_id"]
            about = row["cert_no"] if row["scope"] == "same_certificate" else f"{row['month']:%Y-%m}" if row["scope"] == "same_month" else ""
            parts = (who, row["payment_id"], row["policy"], "✘", row["conflicts_with"], row["other_policy"], row["scope"], about or "")
            sys.stdout.write("\t".join(parts) + f"\t{row['at_stake_fen'] / 100:.2f}元\n")
        sys.stdout.write(f"{found.pairs.height} 笔付款与另一笔冲突，涉及 {found.at_stake_fen / 100:,.2f} 元\n")
    if check and found.pairs.height:
        raise typer.Exit(1)
