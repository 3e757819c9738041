"""Marks brought up to date: after a change of rules only the policies are marked again whose answers can differ.

Beside a marks file lies `<marks>.rules.json`: a hash of the people file, the day, the columns, and one hash a policy over all that its answers
depend on. Same people, day and columns: rows of policies with the same hash are kept. With `choice` among the columns, who competes with a changed
policy is marked again too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.lake.snapshots import file_sha256
from leye.policy.fingerprint import fingerprints
from leye.policy.mark_file import Report, Told, Wanted, mark_file
from leye.policy.pack import PackSet
from leye.policy.rivals import competitors


@dataclass(frozen=True, slots=True)
class Rules:
    """What a marks file was made of. rules: policy -> hash."""

    people: str
    on: str
    region: str
    form: str
    rules: dict[str, str]

    @classmethod
    def of(cls, people: Path, packs: PackSet, on: date, *, region: str | None, form: str, only: Iterable[str] | None) -> Rules:
        """The account of a marking that is about to be done."""
        wanted = set(packs.policies) if only is None else set(only)
        hashes = {name: found for name, found in fingerprints(packs, on).items() if name in wanted}
        return cls(file_sha256(people), on.isoformat(), region or "CN", form, hashes)

    def write_beside(self, marks: Path) -> None:
        """Keep the account."""
        _file(marks).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _file(marks: Path) -> Path:
    return marks.with_name(marks.name + ".rules.json")


def stale(marks: Path, now: Rules) -> set[str] | None:
    """Policies of an existing marks file that must be marked again or dropped; None when the file cannot be brought up to date at all."""
    file = _file(marks)
    if not marks.is_file() or not file.is_file():
        return None
    try:
        was = Rules(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        return None
    if (was.people, was.on, was.region, was.form) != (now.people, now.on, now.region, now.form):
        return None
    return {name for name in was.rules.keys() | now.rules.keys() if was.rules.get(name) != now.rules.get(name)}


def update_file(
    people: Path, out: Path, packs: PackSet, on: date, *, region: str | None = None, only: Sequence[str] | None = None, wanted: Wanted = Wanted(),
    told: Told = lambda done, of: None,
) -> tuple[Report, list[str] | None]:  # fmt: skip
    """Bring a long marks file (Parquet) up to date, or make it. Returns the report and the policies marked again; None: all of them.

    The report's `marks` counts the rows of the whole file; rows of policies marked again come after those kept. Raises as `mark_file`, and BadInput
    (E_FILE_TYPE) for a file that cannot be brought up to date: CSV, the wide form.
    """
    if wanted.wide or out.suffix.lower() != ".parquet":
        raise BadInput(
            "--update 只用于 .parquet 的长表", en="--update is for the long form in .parquet", remedy_zh="去掉 --wide，--out 以 .parquet 结尾",
            remedy_en="leave out --wide and end --out in .parquet", places=(Place(str(out)),), code="E_FILE_TYPE",
        )  # fmt: skip
    form = ",".join((*wanted.extra, *(("all",) if wanted.all_verdicts else ())))
    now = Rules.of(people, packs, on, region=region, form=form, only=only)
    again = stale(out, now)
    if again is None:
        report = mark_file(people, out, packs, on, region=region, only=only, wanted=wanted, told=told)
    elif again:
        affected = competitors(packs, again) & now.rules.keys() if "choice" in wanted.extra else again & now.rules.keys()
        report = _splice(people, out, packs, on, region, again | affected, sorted(affected), wanted, told)
    else:
        report = Report()
    report.marks = int(pl.scan_parquet(out).select(pl.len()).collect().item())
    now.write_beside(out)
    return report, None if again is None else sorted(again)


def _splice(
    people: Path, out: Path, packs: PackSet, on: date, region: str | None, drop: set[str], again: list[str], wanted: Wanted, told: Told
) -> Report:  # fmt: skip
    """The rows that stay, with the fresh ones after them, put in place whole."""
    fresh, beside = (out.with_name(f".{out.name}.{os.getpid()}.{part}") for part in ("fresh.parquet", "part"))
    try:
        report = mark_file(people, fresh, packs, on, region=region, only=again, wanted=wanted, told=told)
        kept = pl.scan_parquet(out).filter(~pl.col("policy").is_in(sorted(drop)))
        pl.concat([kept, pl.scan_parquet(fresh)]).sink_parquet(beside, compression="zstd", compression_level=1, maintain_order=True)
        beside.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    return report
