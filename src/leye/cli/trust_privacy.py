"""`leye trust anonymity`, `leye trust rotate-keys`: whether a table may leave the house, and new keys for encrypted fields."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

    from leye.trust.privacy.anonymity import Anonymity

Json = Annotated[bool, typer.Option("--json", help="机器可读 · machine output")]

SHOWN = 10  # classes and keys listed in words; JSON has more


def anonymity(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="每人一行的表（.csv 或 .parquet） · one row a person")],
    quasi: Annotated[str, typer.Option("--quasi", help="外人可能知道的列，如 region,sex,age_band · what outsiders may know")],
    sensitive: Annotated[str, typer.Option("--sensitive", help="不该被推出的列 · what must not follow")] = "",
    k: Annotated[int, typer.Option("--k", help="每一类至少几行 · least rows of a class")] = 5,
    ell: Annotated[int, typer.Option("--l", help="每一类至少几种敏感值 · least sensitive values in a class")] = 1,
    entropy: Annotated[bool, typer.Option("--entropy", help="l 按熵算（更严） · l by entropy")] = False,
    against: Annotated[Optional[Path], typer.Option("--against", help="以前给出过的同类表，查相减泄露 · an earlier table")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("--out", help="写出隐去小类后的表（.csv 或 .parquet） · the suppressed table")] = None,  # noqa: UP045
    as_json: Json = False,
) -> None:
    """这张表能不能给出去：k-匿名、l-多样性、相减。May this table leave: k-anonymity, l-diversity, differencing."""
    from leye.trust.privacy.anonymity import check_anonymity, differences, suppressed

    columns, hidden = _names(quasi), _names(sensitive)
    frame = _read(table)
    found = check_anonymity(frame, columns, hidden, k=k, ell=ell, is_entropy=entropy)
    gap = differences(_read(against), frame, columns, k=k) if against is not None else None
    if out is not None:
        _write(suppressed(frame, columns, hidden, k=k, ell=ell, is_entropy=entropy), out)
    if as_json:
        more = {"differences": gap.to_dicts()} if gap is not None else {}
        sys.stdout.write(json.dumps(found.as_dict() | more | {"out": str(out) if out else None}, ensure_ascii=False, default=str) + "\n")
    else:
        _say(found, gap, out)
    if not found.ok or (gap is not None and gap.height):
        raise typer.Exit(1)


def rotate_keys(
    purpose: Annotated[Optional[list[str]], typer.Option("--purpose", help="只换这些用途，默认全部 · only these purposes")] = None,  # noqa: UP045
    algorithm: Annotated[str, typer.Option("--algorithm", help="aes-256-gcm 或 sm4-gcm")] = "aes-256-gcm",
    finish: Annotated[bool, typer.Option("--finish", help="不画新钥，只做完上次的、销毁用不着的旧钥 · no new key")] = False,
    grace_hours: Annotated[float, typer.Option("--grace-hours", help="旧钥至少再留几小时 · hours an old key stays", min=0)] = 24.0,
    start_over: Annotated[bool, typer.Option("--start-over", help="密钥文件确实丢了，重画一套；旧密文再也打不开 · keys are lost for good")] = False,
    data: Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")] = None,  # noqa: UP045
    as_json: Json = False,
) -> None:
    """换字段密钥：画新钥、逐批重新加密、到期销毁旧钥；中断了再运行一次就接着做。Rotate field keys; run again after an interruption."""
    from datetime import timedelta

    from leye.cli.run import data_folder
    from leye.cli.trust_view import open_office
    from leye.office.embedded import prepare

    open_office(data)
    prepare(data_folder(data))  # an older database gets its newer tables first
    from leye.office.clock import now
    from leye.office.privacy import rotation
    from leye.office.privacy.keyring import PURPOSES

    at = now()
    if start_over:
        drawn = rotation.start_over(at)
        sys.stdout.write(json.dumps({"started_over": drawn}) + "\n" if as_json else f"已重画密钥：{'、'.join(drawn)}。以前的密文打不开了\n")
        return
    grace = timedelta(hours=grace_hours)
    done = [rotation.rotate_keys(p, algorithm=algorithm, at=at, finish_only=finish, grace=grace).as_dict() for p in purpose or PURPOSES]
    if as_json:
        sys.stdout.write(json.dumps({"rotated": done}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(map(_rotated_line, done)))
    if any(d["damaged"] for d in done):
        raise typer.Exit(1)


def _rotated_line(d: dict[str, Any]) -> str:
    parts = [f"新钥 {d['new_key']}" if d["new_key"] else "没有画新钥", f"重新加密 {d['rows']} 行"]
    parts += [f"销毁旧钥 {'、'.join(d['destroyed'])}"] if d["destroyed"] else []
    parts += [f"旧钥还留着 {len(d['waiting'])} 把（到期后再运行一次销毁）"] if d["waiting"] else []
    parts += [f"打不开 {len(d['damaged'])} 行：{'、'.join(d['damaged'][:SHOWN])}"] if d["damaged"] else []
    return f"{d['purpose']}\t{'；'.join(parts)}\n"


def _say(found: Anonymity, gap: pl.DataFrame | None, out: Path | None) -> None:
    write = sys.stdout.write
    write(f"{found.rows} 行，{found.classes} 类，最小的一类 {found.smallest} 行（k={found.k}，l={found.ell}）\n")
    for d in found.diversity:
        if d.classes_short:
            write(f"{d.column}：{d.classes_short} 类、{d.rows_short} 行的取值太单一（最少 {d.least_distinct} 种，有效 {d.least_effective:.2f} 种）\n")
    if found.ok:
        write("可以给出去\n" if gap is None or not gap.height else "")
    else:
        write(f"不能给出去：{found.rows_at_risk} 行会被认出或被推出；隐去 {found.rows_to_suppress} 行的准标识就可以\n")
        for row in found.suppress[:SHOWN]:
            write("  " + "，".join(f"{name}={value}" for name, value in row.items()) + "\n")
        for idea in found.generalise[:3]:
            write(f"  不给“{idea.without}”这一列，还剩 {idea.rows_at_risk} 行有风险\n")
    if gap is not None:
        write(f"和以前的表相减，{gap.height} 类只差 1 到 {found.k - 1} 人\n" if gap.height else "和以前的表相减，看不出个别的人\n")
        for row in gap.head(SHOWN).iter_rows(named=True):
            write("  " + "，".join(f"{name}={value}" for name, value in row.items()) + "\n")
    if out is not None:
        write(f"隐去小类后的表在 {out}\n")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _read(file: Path) -> pl.DataFrame:
    """A table by the ending of its name. Raises BadInput (E_TABLE)."""
    import polars as pl

    try:
        if file.suffix == ".parquet":
            return pl.read_parquet(file)
        if file.suffix == ".csv":
            return pl.read_csv(file, infer_schema=False)  # text as it stands: codes keep their zeros, an empty cell is unknown
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{file.name} 读不出表：{error}", en=f"{file.name} cannot be read: {error}", remedy_zh="另存为 UTF-8 的 CSV", code="E_TABLE"
        ) from error
    raise _ending(file)


def _write(table: pl.DataFrame, file: Path) -> None:
    if file.suffix not in {".csv", ".parquet"}:
        raise _ending(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    table.write_parquet(file) if file.suffix == ".parquet" else table.write_csv(file)


def _ending(file: Path) -> BadInput:
    return BadInput(
        f"{file.name} 的结尾要是 .csv 或 .parquet",
        en=f"{file.name} must end in .csv or .parquet",
        remedy_zh="换成这两种之一",
        remedy_en="use one of the two",
        code="E_TABLE",
    )
