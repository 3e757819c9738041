"""A sealed outcome, its evidence kept apart and encrypted, what must not move a decision kept further apart, and sealed events.

Rows are written by the gate and by nobody else; each equals its leaf in the log, which `leye trust verify` compares.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Decision(models.Model):
    """One leaf about one subject: a single outcome, or all outcomes of a person in one run of a batch.

    subject_key: keyed pseudonym, so that a person's decisions are found without naming them · subject, inputs: commitments (hex)
    · outcome, score, amount_fen: empty in a batch, where `marks` is the number of outcomes and `marks_root` the hash over them
    · reasons: codes; their words lie in the evidence · follows: the decision that this one corrects · fields: the rest of the sealed record.
    """

    id = models.UUIDField(primary_key=True)
    leaf_index = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10)
    algo = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    config = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=64)
    outcome = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=6, blank=True)
    breaker = models.CharField(max_length=10)
    retention = models.CharField(max_length=20)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    run_id = models.CharField(max_length=30, blank=True)
    marks = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["leaf_index"]
        indexes: ClassVar = [
            models.Index(fields=["subject_key", "leaf_index"]),
            models.Index(fields=["algo", "version", "leaf_index"]),
            models.Index(fields=["run_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.algo} {self.outcome or self.marks} {self.id}"


class Evidence(models.Model):
    """Inputs, reasons in words and the salt of one decision, encrypted for the purpose `decision_evidence`. Erasure deletes the row."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="evidence")
    sealed = models.BinaryField()

    class Meta:
        db_table = "decision_evidence"

    def __str__(self) -> str:
        return str(self.decision_id)


class Protected(models.Model):
    """What audits group by and no decision may look at: sex, age band. Encrypted for the purpose `protected`, read by auditors only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="protected")
    sealed = models.BinaryField()

    class Meta:
        db_table = "decision_protected"

    def __str__(self) -> str:
        return str(self.decision_id)


class SealedEvent(models.Model):
    """Something that happened around the decisions and has a leaf of its own: a transition of the register, a breaker, an objection, an erasure."""

    id = models.UUIDField(primary_key=True)
    leaf_index = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["leaf_index"]
        indexes: ClassVar = [models.Index(fields=["kind", "leaf_index"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.leaf_index}"

    def said(self, name: str) -> Any:
        """One part of what was sealed, None when absent."""
        return self.payload.get(name)
