"""A saved scenario: the reform as text, what it was found to do, who wrote it and who signed it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a scenario stands."""

    DRAFT = "draft", "草案"
    SIGNED = "signed", "已签署"
    WITHDRAWN = "withdrawn", "已撤回"


STATE_EN = {State.DRAFT: "Draft", State.SIGNED: "Signed", State.WITHDRAWN: "Withdrawn"}


class Scenario(models.Model):
    """text: the reform as YAML, never changed once saved · body: the JSON form of its simulation · people_sha256: the table it was computed over.

    leaf_index: of the sealed signature. A signed scenario is no law: `/policy/rules` may publish it as a version of a pack.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    on = models.DateField()
    people_sha256 = models.CharField(max_length=64)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "made_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(  # the second person is another one, whatever the code above says
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("made_by")), name="signed_by_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    def is_visible_to(self, user: Any) -> bool:
        """Scenarios speak of the whole city: accounts of one district see none."""
        return not user.region
