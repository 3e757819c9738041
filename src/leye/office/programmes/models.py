"""A plan of programmes: what was asked, what was found, who computed it, who signed it, and how far its outcomes are sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", "草案"
    SIGNED = "signed", "已签署"
    WITHDRAWN = "withdrawn", "已撤回"


STATE_EN = {State.DRAFT: "Draft", State.SIGNED: "Signed", State.WITHDRAWN: "Withdrawn"}


class ProgrammePlan(models.Model):
    """asked: text of the programmes, budgets in fen by fund, floors, seed · body: report.json · sources: sha256 of the tables it was computed from ·
    outcomes_sha256: of the file that says for each person what the plan means · sealed_people, sealed_at: placements in the log, after signing ·
    leaf_index: of the signature.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    on = models.DateField()
    asked = models.JSONField(encoder=DjangoJSONEncoder)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    report = models.TextField()
    drafts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sources = models.JSONField(encoder=DjangoJSONEncoder)
    content_sha256 = models.CharField(max_length=64)
    outcomes_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    leaf_index = models.BigIntegerField(null=True, unique=True)
    sealed_people = models.PositiveIntegerField(null=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "made_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(  # the second person is another one, whatever the code above says
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("made_by")), name="plan_signed_by_another"
            ),
            models.CheckConstraint(  # outcomes about persons only after a signature
                condition=models.Q(sealed_at__isnull=True) | models.Q(signed_at__isnull=False), name="plan_sealed_after_signing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    def is_visible_to(self, user: Any) -> bool:
        """Plans speak of the whole city: accounts of one district see none."""
        return not user.region
