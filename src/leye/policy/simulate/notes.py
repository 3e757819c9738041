"""What a reader must know beside the figures of one reform: versions it does not reach, what nobody pays, who is still unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from leye.policy.pack import PackSet
from leye.policy.simulate.change_words import Words
from leye.policy.simulate.compare import Both
from leye.policy.simulate.reform import Reform
from leye.policy.simulate.summary import EMPLOYERS, Summary


def notes_of(reform: Reform, packs: PackSet, both: Both, summary: Summary, on: date) -> list[Words]:
    """Sentences in Chinese and English, most important first."""
    return [
        *_nothing(both),
        *_not_reached(reform, packs, on),
        *_employers(summary, both),
        *_loans(summary),
        *_amounts_unknown(summary, both),
        *_unverified(both),
    ]


def _nothing(both: Both) -> Iterator[Words]:
    if not both.policies:
        yield "这项改革不影响任何政策的结果。", "The reform touches no policy."


def _not_reached(reform: Reform, packs: PackSet, on: date) -> Iterator[Words]:
    """Places with a version of their own stay as they are under a change of the national version."""
    for name in dict.fromkeys(str(c.get("policy")) for c in reform.changes if "policy" in c and c.get("region", "CN") == "CN"):
        policy = packs.policies.get(name) or next((p for p in packs.policies.values() if p.name == name), None)
        own = sorted({v.region for v in policy.versions if v.region != "CN" and v.in_force(on)}) if policy is not None else []
        if policy is not None and own:
            yield (
                f"“{policy.name}”在{'、'.join(own)}有自己的版本，这里改的是全国版本，不影响它们；要改就另写 region。",
                f"{policy.name_en} has versions of its own in {', '.join(own)}, which a change of the national one does not reach; "
                "name the region to change them.",
            )


def _employers(summary: Summary, both: Both) -> Iterator[Words]:
    mine = [r["policy"] for r in summary.policies.filter(summary.policies["pays"] == EMPLOYERS).to_dicts() if r["policy"] in both.touched]
    if mine and summary.employers_added_fen:
        names = [both.policy(p) for p in mine]
        yuan = f"{abs(summary.employers_added_fen) / 100:,.0f}"
        more = summary.employers_added_fen > 0
        yield (
            f"“{'、'.join(p.name for p in names)}”不是财政支出："
            f"年化{'多' if more else '少'}出的 {yuan} 元由用人单位付给劳动者，是收入的变化；"
            "单位因此少招人、压工时、涨价，都没有算。",
            f"{', '.join(p.name_en for p in names)} is no public cost: employers pay workers {yuan} yuan a year {'more' if more else 'less'}, "
            "an effect on income; fewer hires, hours or higher prices in answer to it are not counted.",
        )


def _loans(summary: Summary) -> Iterator[Words]:
    before, after = int(summary.policies["lent_before_fen"].sum()), int(summary.policies["lent_after_fen"].sum())
    if before or after:
        yield (
            f"贷款按最高额度另列（{before / 1e6:,.1f} 万元 → {after / 1e6:,.1f} 万元），是可借的上限，不是支出，不计入成本。",
            f"Loans stand apart at their upper limit ({before / 100:,.0f} → {after / 100:,.0f} yuan): what may be lent, no cost.",
        )


def _amounts_unknown(summary: Summary, both: Both) -> Iterator[Words]:
    rows = [r for r in summary.policies.to_dicts() if r["policy"] in both.touched and r["amount_unknown_after"]]
    for r in rows:
        policy = both.policy(r["policy"])
        yield (
            f"“{policy.name}”有 {r['amount_unknown_after']:,} 名符合者金额未知（当地标准没有收录，或缺事实），成本里没有他们。",
            f"{policy.name_en}: the amount of {r['amount_unknown_after']:,} entitled people is unknown; the cost does not hold them.",
        )


def _unverified(both: Both) -> Iterator[Words]:
    names = [both.policy(p) for p in both.policies if p in both.touched and both.policy(p).status != "verified" and both.policy(p).pack != "reform"]
    if names:
        yield (
            f"“{'、'.join(p.name for p in names)}”的依据待核实。",
            f"The sources of {', '.join(p.name_en for p in names)} are not verified.",
        )
