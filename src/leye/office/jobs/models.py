"""One row per job asked for; it outlives the queue, so that nothing asked for is lost."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "正在做"
    DONE = "done", "做完了"
    FAILED = "failed", "没做成"


class JobRun(models.Model):
    """kind: a key of settings.JOB_HANDLERS · step, share: progress for people · attempts: how often it was begun."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, blank=True)
    share = models.FloatField(default=0.0)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
