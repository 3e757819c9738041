"""我的政策 and the firm's page: every policy for one person or firm as the rules say it now, in three groups, with what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leye.kernel.clock import beijing_day
from leye.office.decisions.subjects import subject_of
from leye.office.entitlements.asking import Question, questions_for
from leye.office.entitlements.files import FactFile, fact_file, packs_here, rules_day
from leye.office.entitlements.known import opened, register_day
from leye.office.entitlements.models import SOURCE_EN, Claim, Consent, ContestedMark, Source, StatedFact
from leye.office.entitlements.rules import explained
from leye.office.permissions import not_found, require
from leye.policy import Bound, BoundPolicy, PackSet
from leye.policy.choice import OPEN
from leye.policy.explain import Explanation, FactSource
from leye.policy.explain.next_step import deadline_of
from leye.policy.push import Handlings, rules_of_handling
from leye.policy.push.conditions import holds
from leye.policy.push.contradictions import Contradiction, contradictions_of
from leye.policy.push.either import counted_instead
from leye.policy.push.worth import expected_fen


@dataclass(frozen=True)
class OwnPolicy:
    """One policy. paid_to: person or firm · drawn: facts show that it is drawn already · claim: the newest · contest: the newest objection
    · consent: whether the firm may know (hire policies) · needs_consent: whether it may know only then."""

    found: Explanation
    paid_to: str
    drawn: bool
    deadline: date | None
    claim: Claim | None = None
    contest: ContestedMark | None = None
    consent: Consent | None = None
    needs_consent: bool = False
    is_pushed: bool = True
    why_zh: str = ""
    why_en: str = ""

    @property
    def id(self) -> str:
        """Id of the policy."""
        return self.found.policy

    @property
    def is_verified(self) -> bool:
        """Whether the policy rests on a document that was seen."""
        return bool(self.found.plan.bound.policy.status == "verified")

    @property
    def expected_fen(self) -> int:
        """Money within a year."""
        answer = self.found.answer
        return expected_fen(answer.amount_fen, answer.months, self.found.unit or "")


@dataclass(frozen=True)
class OwnPage:
    """yes, unknown, no: policies that pay the subject itself · of_firm: hire policies that the employer can claim for the person."""

    file: FactFile
    on: date
    yes: tuple[OwnPolicy, ...]
    unknown: tuple[OwnPolicy, ...]
    no: tuple[OwnPolicy, ...]
    of_firm: tuple[OwnPolicy, ...]
    questions: tuple[Question, ...]
    contradictions: tuple[Contradiction, ...]
    answers: tuple[StatedFact, ...]

    @property
    def expected_fen(self) -> int:
        """Money within a year of what is certain, verified, not drawn yet, and does not give way."""
        open_ones = [p for p in self.yes if not p.drawn and p.is_verified and not (p.found.choice or "").startswith("gives_way")]
        instead = counted_instead([(p.id, p.expected_fen) for p in open_ones if p.found.choice == OPEN], packs_here())
        return sum(p.expected_fen for p in open_ones if p.id not in instead)


def own_page(user: Any, *, language: str) -> OwnPage:
    """The account's own page. Raises NotFound for an account that stands for nobody in the city."""
    require(user, "entitlements.firm" if user.role == "employer" else "entitlements.own")
    file = fact_file(user.subject, packs_here(), rules_day()) if user.subject else None
    if file is None:
        raise not_found()
    return page_of(file, language=language)


def page_of(file: FactFile, *, language: str) -> OwnPage:
    """The page of any file; whoever shows it to staff records the read."""
    packs, on = packs_here(), rules_day()
    answers = tuple(StatedFact.objects.filter(subject_key=file.key, replaced_at=None).select_related("by"))
    is_firm = file.subject.kind == "firm"
    found = [e for e in explained(file.facts, packs, on, language=language, sources=_sources(file, answers, packs, language)) if _is_for(e, is_firm)]
    policies = [_own(e, file, packs, on) for e in found]
    policies = _with_rows(policies, file)
    mine = [p for p in policies if is_firm or p.paid_to == "person"]
    questions = tuple(questions_for(found, packs, kind=file.subject.kind, known={a.fact for a in answers}))
    return OwnPage(
        file,
        on,
        yes=_sorted([p for p in mine if p.found.verdict is True]),
        unknown=_sorted([p for p in mine if p.found.verdict is None]),
        no=_sorted([p for p in mine if p.found.verdict is False]),
        of_firm=_sorted([p for p in policies if not is_firm and p.paid_to == "firm" and p.found.verdict is not False]),
        questions=questions,
        contradictions=tuple(contradictions_of(file.facts, packs, on)),
        answers=answers,
    )


def _is_for(found: Explanation, is_firm: bool) -> bool:
    about = found.plan.bound.policy.about
    return about == "firm" if is_firm else about != "firm"


def _own(found: Explanation, file: FactFile, packs: PackSet, on: date) -> OwnPolicy:
    handling = rules_of_handling(packs)
    policy = found.plan.bound.policy
    one = handling.policies.get(policy.id)
    drawn = one is not None and one.already is not None and holds(one.already, file.facts, packs.facts, on) is True
    return OwnPolicy(
        found,
        handling.paid_to(policy),
        drawn,
        deadline_of(found),
        needs_consent=needs_consent(found.plan.bound, found.person.explainer.evaluator.bound, handling),
        is_pushed=one is None or one.is_pushed,
        why_zh=one.why_zh if one else "",
        why_en=one.why_en if one else "",
    )


def needs_consent(policy: BoundPolicy, bound: Bound, handling: Handlings) -> bool:
    """Whether a hire policy tells something of the person that is theirs to tell."""
    nodes = [n for n in (policy.who.node if policy.who else None, policy.amount) if n is not None]
    return policy.policy.about == "hire" and bool(bound.reads(nodes) & handling.needs_consent)


def _with_rows(policies: Sequence[OwnPolicy], file: FactFile) -> list[OwnPolicy]:
    """The newest claim, contest and consent of each."""
    claims: dict[str, Claim] = {}
    for claim in Claim.objects.filter(about_key=file.key).order_by("changed_at"):
        claims[claim.policy] = claim
    contests = {
        c.policy: c for c in ContestedMark.objects.filter(about_key=file.key).select_related("objection", "objection__decided_as").order_by("at")
    }
    firm = str(file.row.get("firm_id") or "")
    consents = {c.policy: c for c in Consent.objects.filter(subject_key=file.key, firm_id=firm, withdrawn_at=None)} if firm else {}
    return [
        OwnPolicy(
            p.found, p.paid_to, p.drawn, p.deadline, claims.get(p.id), contests.get(p.id), consents.get(p.id), p.needs_consent, p.is_pushed,
            p.why_zh, p.why_en,
        )
        for p in policies
    ]  # fmt: skip


def _sorted(policies: list[OwnPolicy]) -> tuple[OwnPolicy, ...]:
    """Money first, then the nearest deadline."""
    return tuple(sorted(policies, key=lambda p: (p.drawn, -p.expected_fen, p.deadline or date.max, p.id)))


def _sources(file: FactFile, answers: Sequence[StatedFact], packs: PackSet, language: str) -> Mapping[str, FactSource]:
    """Where each known fact comes from: the register as of its day, or whoever answered."""
    from leye.office.entitlements.files import data_folder

    day = register_day(data_folder())
    found = {f.id: FactSource(f.source_zh, day.isoformat()) for f in packs.facts if file.register.get(f.id) is not None and f.source_zh}
    for answer in answers:
        word = SOURCE_EN[Source(answer.source)] if language == "en" else str(Source(answer.source).label)
        found[answer.fact] = FactSource(word, beijing_day(answer.at).isoformat())
    return found


def proof_of(answer: StatedFact) -> str:
    """What was seen, in words. Whoever shows it to staff records the read."""
    return str(opened(answer).get("proof") or "")


def firm_of(user: Any) -> str:
    """The firm that an employer's account stands for; empty when it stands for none."""
    return user.subject if user.subject and subject_of(user.subject).kind == "firm" else ""
