"""An issue of a bulletin: its finished text in both languages, the tables written down with it, who made it and who published it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


WEEKLY, QUARTERLY = "weekly", "quarterly"


class Kind(models.TextChoices):
    """Which bulletin; each kind counts its own issues."""

    WEEKLY = WEEKLY, "就业监测周报"
    QUARTERLY = QUARTERLY, "季度就业形势报告"


class State(models.TextChoices):
    """Where an issue stands."""

    DRAFT = "draft", "草案"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


KIND_EN = {Kind.WEEKLY: "Weekly bulletin", Kind.QUARTERLY: "Quarterly report"}
STATE_EN = {State.DRAFT: "Draft", State.PUBLISHED: "Published", State.WITHDRAWN: "Withdrawn"}


class Issue(models.Model):
    """starts, ends: the week or quarter · run_id: the run that it speaks of · before_run: of the issue before, empty for the first · own: the tables
    written down with it · body: `{"zh": …, "en": …}` as `stored.as_json` · made_by: None for the nightly · leaf_index: of the sealed publication.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    starts = models.DateField()
    ends = models.DateField()
    run_id = models.CharField(max_length=30)
    before_run = models.CharField(max_length=30, blank=True)
    own = models.JSONField(encoder=DjangoJSONEncoder)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    leaf_index = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering: ClassVar = ["-ends", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="report_number_once"),
            models.UniqueConstraint(fields=["kind", "starts"], condition=~models.Q(state="withdrawn"), name="one_report_a_period"),
            models.CheckConstraint(  # the second person is another one, whatever the code above says
                condition=models.Q(published_by__isnull=True) | models.Q(made_by__isnull=True) | ~models.Q(published_by=models.F("made_by")),
                name="report_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.state}"

    @property
    def kind_zh(self) -> str:
        """就业监测周报, 季度就业形势报告."""
        return str(Kind(self.kind).label)

    def is_visible_to(self, user: Any) -> bool:
        """Bulletins speak of the whole city; the permission decides."""
        return True
