"""政策落实: how many are entitled by the marks of the run, how many claims came, and which policy reaches fewest of those it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leye.office.nightly.flows_step import LEAST
from leye.office.reports.bulletin.steps import none_needed
from leye.office.reports.content import Block, Section, Span
from leye.office.reports.pen import Pen, formula
from leye.office.reports.sources import Source

SHOWN = 8  # chosen by us: half a printed page
CLAIMED = "applied|approved|paid"
HEADER = (
    ("政策", "Policy"),
    ("应享（人或单位）", "Entitled (people or firms)"),
    ("待核实", "To be verified"),
    ("已申领", "Claims"),
    ("申领比例", "Take-up"),
)


@dataclass(frozen=True, slots=True)
class _Policy:
    """Counts of a policy over the city; claims of the desk."""

    id: str
    entitled: int
    unknown: int
    claims: int


def policies(pen: Pen) -> Section:
    """Policies by how many are entitled; counts under ten are not told."""
    found = _policies(pen)
    nothing: Block = pen.line("本次运行没有政策标注。", "The run holds no policy marks.")
    table = [pen.table(("按应享数排列", "By how many are entitled"), HEADER, [_row(pen, p) for p in found[:SHOWN]])] if found else []
    return pen.section(
        ("政策落实", "Policies"),
        finding=_finding(pen, found) or [nothing],
        evidence=table or [nothing],
        uncertainty=[
            pen.line(
                "应享数由登记的情况按规则标出，未核实的不算；申领只数在本平台办的，别处办的不知道，不足 {least} 的不列。",
                "Entitled by the rules on what is registered, unverified facts count nobody in; "
                "claims made elsewhere are not known; counts under {least} are not told.",
                least=pen.setting("least_count", "count"),
            )
        ],
        action=_action(pen, found),
    )


def _policies(pen: Pen) -> list[_Policy]:
    frame = pen.snapshot.frame("mark_counts")
    if not frame.width:
        return []
    claims: dict[str, int] = {}
    for row in pen.own.get("desk_claims", ()):
        claims[row["policy"]] = claims.get(row["policy"], 0) + (row["n"] if row["state"] in CLAIMED.split("|") else 0)
    worth = frame.group_by("policy").agg(pl.col("amount_fen").sum().alias("fen")).filter(pl.col("fen") > 0)["policy"].to_list()
    paying = frame.filter(pl.col("policy").is_in(worth))  # marks of a mere status (of retirement age, say) are no measure
    by = paying.group_by("policy").agg(*(pl.col("n").filter(pl.col("verdict") == v).sum().alias(v) for v in ("yes", "unknown")))
    found = [_Policy(r["policy"], r["yes"], r["unknown"], claims.get(r["policy"], 0)) for r in by.to_dicts() if r["yes"] >= LEAST]
    return sorted(found, key=lambda p: (-p.entitled, p.id))


def _name(pen: Pen, policy: str) -> Span:
    """The policy's title as it was written down with the report; it may hold digits."""
    return pen.number(pen.cell("policy_names", pen.pick("zh", "en"), policy=policy), "text", f"/policies/{policy}")


def _entitled(pen: Pen, policy: str, verdict: str = "yes") -> Span:
    return pen.number(_marks(pen, policy, verdict), "count", f"/policies/{policy}")


def _marks(pen: Pen, policy: str, verdict: str) -> Source:
    return pen.where("mark_counts", (("policy", "=", policy), ("verdict", "=", verdict)), "n", how="sum")


def _claims(pen: Pen, policy: str) -> Source:
    return pen.where("desk_claims", (("policy", "=", policy), ("state", "in", CLAIMED)), "n", how="sum")


def _row(pen: Pen, p: _Policy) -> list[Span]:
    few = Span(pen.pick("太少，不列", "too few"))
    unknown = _entitled(pen, p.id, "unknown") if p.unknown >= LEAST else few
    if p.claims < LEAST:
        return [_name(pen, p.id), _entitled(pen, p.id), unknown, few, few]
    share = formula("quotient", _claims(pen, p.id), _marks(pen, p.id, "yes"))
    return [
        _name(pen, p.id),
        _entitled(pen, p.id),
        unknown,
        pen.number(_claims(pen, p.id), "count", "/claims"),
        pen.number(share, "percent", "/claims"),
    ]


def _finding(pen: Pen, found: Sequence[_Policy]) -> list[Block]:
    if not found:
        return []
    first = found[0]
    return [
        pen.line(
            "按登记情况应享最多的是《{policy}》，{n}（人或单位）；下表列出应享不少于 {least} 的各项政策。",
            "Most are entitled to “{policy}”: {n} people or firms; the table lists policies with at least {least}.",
            policy=_name(pen, first.id),
            n=_entitled(pen, first.id),
            least=pen.setting("least_count", "count"),
        )
    ]


def _action(pen: Pen, found: Sequence[_Policy]) -> list[Block]:
    """The policy with most people on the call list of the night, who are entitled and have not claimed."""
    push = pen.snapshot.frame("push")
    waiting = push.filter(pl.col("verdict") == "yes").group_by("policy").len().filter(pl.col("len") >= LEAST) if push.width else push
    if not waiting.width or not waiting.height:
        return [none_needed(pen, ("没有应享未享集中的政策。", "no policy leaves many of the entitled without."))]
    most = waiting.sort("len", "policy", descending=[True, False])["policy"][0]
    n = pen.rows("push", (("policy", "=", most), ("verdict", "=", "yes")), "/promotion")
    return [
        pen.line(
            "优先推送《{policy}》：名单上有 {n} 项，由就业专员按每晚更新的今日清单联系，批量通知在{page}安排；没有另设期限。",
            "Reach out for “{policy}” first: {n} on the call list; counsellors work through it night by night, "
            "bulk notices go out from {page}; no other due date is set.",
            policy=_name(pen, most),
            n=n,
            page=Span(pen.pick("政策宣传", "the page of campaigns"), "/promotion"),
        )
    ]
