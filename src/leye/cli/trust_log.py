"""`leye trust verify | witness | keys | checkpoint | prove`: the log of a data folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from leye.kernel.errors import CheckFailed

if TYPE_CHECKING:
    from leye.trust.log import Verdict
    from leye.trust.notes import VerifierKey

Data = Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")]  # noqa: UP045 - typer reads it
Json = Annotated[bool, typer.Option("--json", help="机器可读 · machine output")]
Keys = Annotated[Optional[Path], typer.Option("--keys", help="公钥文件，默认本机的 log.vkey · vkey lines, default the installation's")]  # noqa: UP045

_LARGEST_NOTES = 64 << 20  # bytes of one witness file; chosen by us


def verify(
    data: Data = None,
    witness: Annotated[Optional[list[Path]], typer.Option("--witness", help="库外保存的签名树根 · signed heads kept elsewhere")] = None,  # noqa: UP045
    keys: Keys = None,
    as_json: Json = False,
) -> None:
    """把全部留痕重新核对一遍，指出第一处不对。Re-audit the whole log and name the first bad entry."""
    from leye.cli.trust_view import keys_of, one_view, pinned_keys

    notes = [note for file in witness or [] for note in _notes(file)]
    with one_view(data) as (connection, vendor):
        from django.conf import settings

        from leye.office.decisions.checks import first_mismatch
        from leye.office.decisions.heads import checkpoint_file
        from leye.office.privacy.checks import first_false_read
        from leye.office.privacy.release_checks import first_false_release
        from leye.trust.log import FirstBad, verify_log

        known = keys_of(keys) if keys is not None else pinned_keys(data)
        verdict = verify_log(connection, vendor, keys=known, checkpoint_file=checkpoint_file(settings.LEYE_DATA), witnesses=notes)
        if verdict.first_bad is None or verdict.first_bad.kind != "unreadable":
            mismatch = first_mismatch() or first_false_read() or first_false_release()
            verdict = verdict.with_bad(FirstBad(**mismatch) if mismatch else None)
    _say(verdict, has_witness=bool(notes), as_json=as_json)
    if not verdict.ok:
        raise typer.Exit(1)


def keys(data: Data = None) -> None:
    """印出验签用的公钥。Print the log's verifier keys, one a line."""
    from leye.cli.trust_view import pinned_keys

    known = pinned_keys(data) or _drawn_keys(data)
    sys.stdout.write("".join(f"{key.text()}\n" for key in known))


def checkpoint(data: Data = None) -> None:
    """印出最新的签名树根。Print the newest signed checkpoint."""
    from leye.cli.trust_view import one_view
    from leye.trust.log import Log

    with one_view(data) as (connection, vendor):
        note = Log(connection, vendor).newest_checkpoint()
    if note is None:
        raise _no_checkpoint()
    sys.stdout.write(note)


def prove(
    name: Annotated[str, typer.Argument(metavar="ID", help="决定编号或留痕序号 · decision id or leaf index")],
    out: Annotated[Path, typer.Option("--out", help="写到哪里，如 d.tlog-proof · the receipt")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """给一条决定写回执，另写只给本人的开启文件。Write a receipt, and the opening that only the person gets."""
    from leye.cli.trust_view import open_office

    open_office(data)
    from leye.kernel.clock import clock_from_environment
    from leye.office.decisions.proving import receipt_and_opening

    receipt, opening = receipt_and_opening(name, at=clock_from_environment()())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(receipt, encoding="utf-8", newline="")
    private = out.with_name(out.name + ".opening.json") if opening is not None else None
    if private is not None:
        _write_private(private, json.dumps(opening, ensure_ascii=False, indent=1) + "\n")
    if as_json:
        sys.stdout.write(json.dumps({"receipt": str(out), "opening": str(private) if private else None}, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"回执 {out}\n" + (f"开启文件 {private}（含个人信息，只交给本人）\n" if private else ""))


def witness(
    key: Annotated[Path, typer.Option("--key", help="见证人的私钥文件，没有就新画一把 · drawn when missing")],
    data: Data = None,
    keys: Keys = None,
    name: Annotated[str, typer.Option("--name", help="新密钥的名字 · name of a new key")] = "",
) -> None:
    """作为见证人联署最新的签名树根：只联署从上次长出来的。Cosign the newest checkpoint when it grew from the last one seen."""
    from leye.cli.trust_view import keys_of, open_office, pinned_keys

    open_office(data)
    from leye.kernel.clock import clock_from_environment
    from leye.office.decisions.witnessing import cosign_newest

    known = keys_of(keys) if keys is not None else pinned_keys(data)
    cosigned, verifier = cosign_newest(key, name=name, log_keys=known, at=clock_from_environment()())
    sys.stderr.write(f"{verifier}\n")
    sys.stdout.write(cosigned)


def _drawn_keys(data: Path | None) -> list[VerifierKey]:
    """Of a folder that has none yet: the installation is made, and with it the key."""
    from leye.cli.run import data_folder
    from leye.office.embedded import prepare

    prepare(data_folder(data))
    from leye.office.decisions.heads import log_key

    return [log_key().verifier]


def _notes(file: Path) -> list[str]:
    """The heads of a witness file. Raises NotANote when there is none in it, or something else is."""
    from leye.cli.trust_view import read_text
    from leye.trust.checkpoints import read_checkpoint, split_notes

    text = read_text(file, _LARGEST_NOTES)
    notes, rest = split_notes(text)
    if not notes or rest:
        read_checkpoint(text)  # says what is wrong; a head without any signature is read, and fails as unsigned
        return [text]
    return notes


def _say(verdict: Verdict, *, has_witness: bool, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(verdict.as_dict(), ensure_ascii=False) + "\n")
        return
    if verdict.first_bad is not None:
        bad = verdict.first_bad
        sys.stdout.write(f"留痕有问题：第一处在第 {bad.index} 条（{bad.kind}）：{bad.reason}\n")
        return
    sys.stdout.write(f"留痕完好：{verdict.size} 条，{verdict.checkpoints} 个签名树根都对得上\n")
    if not has_witness:
        sys.stdout.write("没有用库外的见证（--witness）：手握整个文件夹和密钥的人仍可能改写全部\n")


def _write_private(file: Path, text: str) -> None:
    import os

    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(text)


def _no_checkpoint() -> CheckFailed:
    return CheckFailed(
        "还没有签名的树根",
        en="there is no signed checkpoint yet",
        remedy_zh="先有一条留痕：leye trust seal，或夜间运行",
        remedy_en="seal something first: leye trust seal, or the nightly run",
        code="E_NO_CHECKPOINT",
    )
