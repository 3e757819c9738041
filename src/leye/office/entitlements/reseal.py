"""The marks of one subject, sealed at once: when a fact was answered, so that no changed verdict is shown without its leaf."""

from __future__ import annotations

from datetime import date, datetime

from leye.kernel.codes import region_code
from leye.kernel.decision import InputValue, Outcome
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.entitlements.files import FactFile
from leye.office.entitlements.rules import explained, facts_behind
from leye.office.entitlements.sealing import ALGO, PURPOSE, protected, reasons
from leye.office.registry.cards import running_version
from leye.policy import PackSet, places
from leye.policy.explain import Explanation
from leye.policy.push.terms import rule_print
from leye.policy.words import verdict_word
from leye.trust.subtree import Mark


def seal_now(file: FactFile, packs: PackSet, on: date, *, at: datetime) -> None:
    """Seal all yes and unknown answers of one subject, inside the caller's transaction; nothing when there is none. Raises GateRefused."""
    found = [e for e in explained(file.facts, packs, on) if e.verdict is not False and is_about(e, file)]
    if not found:
        return
    inputs: dict[str, InputValue] = {"on": on.isoformat(), "run": ""}
    features: set[str] = set()
    for one in found:
        read = seen_by(one, file, packs, on)
        inputs[one.policy] = {**read, "rule": rule_of(one, packs, on, file)}
        features |= set(read)
    marks = tuple(mark_of(e) for e in found)
    region = region_code(str(file.facts.get("region") or "CN")) or ""
    run = BatchRun(ALGO, running_version(ALGO), PURPOSE, tuple(sorted(features)), "", at, region)
    decide_batch(run, [PersonMarks(file.subject, marks, inputs, protected(file.facts, on))])


def is_about(found: Explanation, file: FactFile) -> bool:
    """Whether the policy speaks of this kind of subject."""
    return (found.plan.bound.policy.about == "firm") == (file.subject.kind == "firm")


def mark_of(found: Explanation) -> Mark:
    """One outcome in the form of the gate."""
    answer = found.answer
    codes = reasons(verdict_word(found.verdict), answer.amount_fen is None and bool(answer.missing), found.choice or "")
    return Mark(found.policy, Outcome(verdict_word(found.verdict), None, answer.amount_fen), codes)


def seen_by(found: Explanation, file: FactFile, packs: PackSet, on: date) -> dict[str, InputValue]:
    """Known facts behind a policy, as JSON."""
    prefix = places(packs, on).prefix_of(file.facts.get("region"))
    names = facts_behind(packs, on, prefix, found.policy)
    return {n: v.isoformat() if isinstance(v, date) else v for n in names if (v := file.facts.get(n)) is not None}


def rule_of(found: Explanation, packs: PackSet, on: date, file: FactFile) -> str:
    """Fingerprint of the rule, as in the nightly's table."""
    prefix = places(packs, on).prefix_of(file.facts.get("region"))
    bound = next(b for b in places(packs, on).classes if prefix in b.prefixes)
    policy = next(p for p in bound.policies if p.policy.id == found.policy)
    return rule_print(bound, policy, prefix) if policy.version is not None else ""
