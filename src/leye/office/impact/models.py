"""Reviews of projects with their follow-up, and assumptions of adoption that an analyst put in place of the shipped ones."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a review stands."""

    DRAFT = "draft", "草案"
    SIGNED = "signed", "已签署"
    WITHDRAWN = "withdrawn", "已撤回"


class ProjectReview(models.Model):
    """project: the form as JSON · assessment: what the rules found, with the thresholds' hash · insured, run_id: the figure of the trade it was held
    against, and its run · body_sha256: of all of these · leaf_index: of the sealed signature. A review concerns a project, no person."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    firm = models.CharField(max_length=120)
    project = models.JSONField(encoder=DjangoJSONEncoder)
    assessment = models.JSONField(encoder=DjangoJSONEncoder)
    insured = models.PositiveIntegerField(null=True)
    run_id = models.CharField(max_length=40, blank=True)
    papers = models.CharField(max_length=500, blank=True)
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
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("made_by")), name="impact_signed_by_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    def is_visible_to(self, user: Any) -> bool:
        """Accounts of one district see the projects of that district."""
        return not user.region or user.region == self.project["region"]


class FollowUp(models.Model):
    """Jobs found at the place since the project began, as of a day; never changed, a later one counts."""

    id = models.UUIDField(primary_key=True)
    review = models.ForeignKey(ProjectReview, on_delete=models.PROTECT, related_name="counts")
    on = models.DateField()
    created = models.PositiveIntegerField()
    displaced = models.PositiveIntegerField()
    retrained = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "at"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.on}"


class AdoptionRow(models.Model):
    """One assumption of an analyst: the newest of a section and day counts; older ones stay on record."""

    id = models.UUIDField(primary_key=True)
    section = models.CharField(max_length=1)
    on = models.DateField()
    low = models.FloatField()
    mid = models.FloatField()
    high = models.FloatField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.section} {self.on}"
