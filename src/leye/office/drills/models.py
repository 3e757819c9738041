"""A replay as it was computed, and the rehearsal of one of its lamps. Apart from alerts and tasks on purpose: a drill is in none of their counts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


class Replay(models.Model):
    """body: `summary` and `rows` of leye.watch.replay.as_json · source: run id of the panel, or `command:<folder>` · body_sha256: of the JSON."""

    id = models.UUIDField(primary_key=True)
    shock = models.DateField()
    source = models.CharField(max_length=120)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    body_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shock", "source", "body_sha256"], name="replay_kept_once")]

    def __str__(self) -> str:
        return f"{self.shock} {self.source}"

    def is_visible_to(self, user: Any) -> bool:
        """Replays speak of the whole city: accounts of one district see none."""
        return not user.region


class Drill(models.Model):
    """A rehearsal (演练): the plan of one replayed lamp, opened as tasks that nobody is measured by."""

    id = models.UUIDField(primary_key=True)
    replay = models.ForeignKey(Replay, on_delete=models.PROTECT, related_name="drills")
    unique_id = models.CharField(max_length=200)
    lamp = models.CharField(max_length=8)
    lit_on = models.DateField()
    plan_id = models.CharField(max_length=80)
    plan_title = models.CharField(max_length=200)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["replay", "unique_id"], name="drill_once_per_lamp")]

    def __str__(self) -> str:
        return f"演练 {self.unique_id} {self.lit_on}"


class DrillStep(models.Model):
    """One step of the rehearsed plan; `note` is what was found out on the way."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    owner_role = models.CharField(max_length=60, blank=True)
    within_days = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["drill", "number"], name="drill_step_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
