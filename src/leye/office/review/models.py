"""Breakers with their events, and cases that people review.

A breaker's row repeats what its events come to, so that the gate asks one indexed question; the events are what counts, and the log has them too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL
HELD = timedelta(hours=24)
"""How long a case stays with whoever took it; then a colleague may take it. Chosen by us: one working day with its night."""


class Breaker(models.Model):
    """Of one algorithm in one region; region empty: everywhere. Without a row it is closed. The fields are those of `trust.breaker.Standing`."""

    algo = models.CharField(max_length=60)
    region = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=10, default="closed")
    since = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True)
    misjudged = models.PositiveSmallIntegerField(default=0)
    agreed = models.PositiveSmallIntegerField(default=0)
    counted = models.JSONField(default=list)
    counts_from = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["algo", "region"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["algo", "region"], name="breaker_once_per_place")]

    def __str__(self) -> str:
        return f"{self.algo} {self.region} {self.state}"


class BreakerEvent(models.Model):
    """One event with the standing after it. why: a person's words, of which the log holds the hash · detail: figures of a statistic."""

    breaker = models.ForeignKey(Breaker, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    decision = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    leaf_index = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["breaker", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["breaker", "number"], name="breaker_event_in_order")]

    def __str__(self) -> str:
        return f"{self.breaker_id}.{self.number} {self.verb}"


class Because(models.TextChoices):
    """Why a case is reviewed."""

    LOT = "lot", "平时抽查"
    DUAL = "dual", "双轨抽查"
    TRIAL = "half_open", "恢复后抽查"
    REFERRED = "referred", "熔断，由人决定"


class Verdict(models.TextChoices):
    """What a reviewer came to, before knowing the machine's outcome."""

    AGREE = "agree", "一致"
    DISAGREE = "disagree", "不一致"
    OTHER = "other", "另有结论"


class ReviewCase(models.Model):
    """One decision that a person decides again without seeing the machine's outcome, or one that only a person may decide (referred).

    decision: the machine's; in a referred case the person's, once there is one · machine_outcome: code, shown only after the verdict
    · own_outcome: code that the reviewer came to, empty in verdict `other`, whose words stand in reason · seconds: from taking it to the verdict.
    """

    id = models.UUIDField(primary_key=True)
    decision = models.OneToOneField("decisions.Decision", on_delete=models.PROTECT, null=True, related_name="review_case")
    algo = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    region = models.CharField(max_length=6, blank=True)
    because = models.CharField(max_length=10, choices=Because.choices)
    machine_outcome = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    reviewer = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    own_outcome = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    misjudged_at = models.DateTimeField(null=True)
    leaf_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        indexes: ClassVar = [models.Index(fields=["decided_at", "due"]), models.Index(fields=["algo", "region", "decided_at"])]

    def __str__(self) -> str:
        return f"{self.algo} {self.because} {self.id}"

    def is_visible_to(self, user: Any) -> bool:
        """A district's people see their district; accounts of the whole city see all."""
        return not user.region or not self.region or self.region == user.region or self.reviewer_id == user.pk

    def is_held_at(self, at: datetime) -> bool:
        """Whether somebody has it and still may keep it."""
        return self.reviewer_id is not None and self.taken_at is not None and at - self.taken_at < HELD


class Proposal(models.Model):
    """A decision that an open breaker refused, encrypted for the purpose `decision_evidence`; gone once the case is judged."""

    case = models.OneToOneField(ReviewCase, on_delete=models.PROTECT, primary_key=True, related_name="proposal")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.case_id)
