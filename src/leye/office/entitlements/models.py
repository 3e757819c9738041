"""Claims from the first call to the payment, answers that fill unknown facts, presses of the daily list, and what was sealed.

Whom a row is about stands there twice: as a keyed pseudonym, by which the person's rows are found, and encrypted with the details; a copied table
alone names nobody.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Source(models.TextChoices):
    """Who answered."""

    SELF = "self", "本人填报"
    FIRM = "firm", "单位填报"
    COUNSELLOR = "counsellor", "专员核对材料"


SOURCE_EN = {Source.SELF: "the person's own statement", Source.FIRM: "the firm's own statement", Source.COUNSELLOR: "papers seen by the counsellor"}


class StatedFact(models.Model):
    """One answer. sealed: JSON `{subject, value, proof}` · replaced_at: when a newer answer took its place or it was taken back."""

    id = models.UUIDField(primary_key=True)
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=64)
    region = models.CharField(max_length=6, blank=True)
    fact = models.CharField(max_length=60)
    sealed = models.BinaryField()
    source = models.CharField(max_length=12, choices=Source.choices)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["subject_key", "fact"]), models.Index(fields=["replaced_at", "at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_key", "fact"], condition=models.Q(replaced_at=None), name="one_answer_a_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.source} {self.at:%Y-%m-%d}"


class State(models.TextChoices):
    """Where a claim stands."""

    CONTACTED = "contacted", "已告知"
    APPLIED = "applied", "已申请"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    PAID = "paid", "已发放"
    WITHDRAWN = "withdrawn", "已撤回"


STATE_EN = {
    State.CONTACTED: "Told",
    State.APPLIED: "Applied for",
    State.APPROVED: "Approved",
    State.REFUSED: "Refused",
    State.PAID: "Paid",
    State.WITHDRAWN: "Withdrawn",
}
OPEN = (State.CONTACTED, State.APPLIED, State.APPROVED)


class Claim(models.Model):
    """One claim of a person or a firm for one policy. subject_*: who claims · about_key: the person whom the mark is about (the claimer, or the
    firm's employee) · sealed: JSON `{subject, about}` · item: what it is for (a certificate, a hire), empty for monthly ones · decision: the sealed
    mark that it rests on, None when none was sealed yet · expected_fen: of the mark · approved_fen: what was approved, of a month for monthly ones.
    """

    id = models.UUIDField(primary_key=True)
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=64)
    about_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    region = models.CharField(max_length=6, blank=True)
    grid_id = models.CharField(max_length=12, blank=True)
    policy = models.CharField(max_length=60)
    item = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    run_id = models.CharField(max_length=30, blank=True)
    expected_fen = models.BigIntegerField(null=True)
    approved_fen = models.BigIntegerField(null=True)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    applied_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_key", "policy"]),
            models.Index(fields=["about_key", "policy"]),
            models.Index(fields=["region", "state", "changed_at"]),
        ]
        constraints: ClassVar = [
            # two desks press at once: the second finds the first one's claim, or the person would be asked twice
            models.UniqueConstraint(
                fields=["subject_key", "about_key", "policy", "item"],
                condition=models.Q(state__in=["contacted", "applied", "approved"]),
                name="one_open_claim_an_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.state} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN

    def is_visible_to(self, user: Any) -> bool:
        """A district's people see their district, accounts of the whole city all."""
        return not user.region or self.region == user.region


class ClaimStep(models.Model):
    """One step of a claim, in order. receipt: number of the paper or of the department's system."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    receipt = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state}->{self.to_state}"


class Payment(models.Model):
    """One payment on a claim. month: first of the month paid for · item: what it was for."""

    id = models.UUIDField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    month = models.DateField()
    item = models.CharField(max_length=120)
    paid_fen = models.BigIntegerField()
    paid_on = models.DateField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    receipt = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(paid_fen__gt=0), name="payment_is_something")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.item} {self.paid_fen}"


class PaidItem(models.Model):
    """What a payment used up: one row for the policy's own item and one for each exclusion group. key: over person, group and item, unique, so that
    two desks cannot pay for one thing at once whatever they saw before."""

    key = models.CharField(max_length=64, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="items")
    group = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.group} {self.key[:8]}"


class Result(models.TextChoices):
    """What came of a call."""

    DONE = "done", "办了"
    NO_ANSWER = "no_answer", "没接"
    LATER = "later", "改天"
    APPLIED = "applied", "已申请"
    UNWILLING = "unwilling", "不愿意"


RESULT_EN = {
    Result.DONE: "Told",
    Result.NO_ANSWER: "No answer",
    Result.LATER: "Another day",
    Result.APPLIED: "Applied",
    Result.UNWILLING: "Does not want it",
}


class Contact(models.Model):
    """One press on the daily list. sealed: JSON `{subject}` · policies: ids that were on the card · rules_on: day
    of the rules that the card spoke of · again_on: day on which the card comes back, None
    when it does not by itself · undone_at: taken back."""

    id = models.UUIDField(primary_key=True)
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    region = models.CharField(max_length=6, blank=True)
    grid_id = models.CharField(max_length=12, blank=True)
    counsellor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, choices=Result.choices)
    policies = models.JSONField(default=list)
    run_id = models.CharField(max_length=30, blank=True)
    rules_on = models.DateField()
    again_on = models.DateField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    claims = models.ManyToManyField(Claim, related_name="contacts")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_key", "at"]),
            models.Index(fields=["counsellor", "at"]),
            models.Index(fields=["grid_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.subject_key[:8]} {self.at:%Y-%m-%d}"


class ContestedMark(models.Model):
    """A verdict that somebody contests: the decision that was sealed for it, and the objection."""

    subject_key = models.CharField(max_length=64)
    about_key = models.CharField(max_length=64)
    policy = models.CharField(max_length=60)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="+")
    objection = models.ForeignKey("objections.Objection", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["subject_key", "policy"])]

    def __str__(self) -> str:
        return f"{self.policy} {self.objection_id}"


class Consent(models.Model):
    """A person lets their firm see that a policy about hires applies to them; what it rests on (a hardship, a disability) is theirs to tell.

    withdrawn_at: taken back; the firm sees the name no more.
    """

    subject_key = models.CharField(max_length=64)
    firm_id = models.CharField(max_length=20)
    policy = models.CharField(max_length=60)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_key", "firm_id", "policy"], condition=models.Q(withdrawn_at=None), name="one_consent_a_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.firm_id} {self.at:%Y-%m-%d}"


class SealedRun(models.Model):
    """A run whose marks of a district were sealed; the next one compares with the newest. people: leaves written."""

    run_id = models.CharField(max_length=30)
    region = models.CharField(max_length=6, blank=True)
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "region"], name="a_run_is_sealed_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.region} {self.people}"
