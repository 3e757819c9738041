"""Which runs were sealed, where a counsellor decided otherwise, and who does not want to be profiled."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Level(models.TextChoices):
    """How much help, from least to most."""

    ORDINARY = "ordinary", "一般"
    ATTENTION = "attention", "关注"
    PRIORITY = "priority", "优先"


LEVEL_EN = {Level.ORDINARY: "Ordinary", Level.ATTENTION: "Attention", Level.PRIORITY: "Priority"}
RANK = {str(level): rank for rank, level in enumerate(Level)}
"""Level -> 0, 1, 2."""


class ProfileRun(models.Model):
    """A district whose profiles of a run are sealed; pages show no others."""

    run_id = models.CharField(max_length=30)
    region = models.CharField(max_length=6, blank=True)
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "region"], name="profile_sealed_once")]


class Override(models.Model):
    """A counsellor's own word on somebody's level. decision: the sealed outcome that it differs from · machine_level, machine_probability: what
    that one
    said · subject_key: whom it is about · undone_*: taken back.
    """

    id = models.UUIDField(primary_key=True)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="+")
    subject_key = models.CharField(max_length=64)
    question = models.CharField(max_length=20)
    region = models.CharField(max_length=6, blank=True)
    run_id = models.CharField(max_length=30)
    machine_level = models.CharField(max_length=10, choices=Level.choices)
    machine_probability = models.FloatField()
    level = models.CharField(max_length=10, choices=Level.choices)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["subject_key", "question"])]
        constraints: ClassVar = [
            models.UniqueConstraint(  # two desks press at once: the second is told
                fields=["subject_key", "question"], condition=models.Q(undone_at__isnull=True), name="one_standing_override"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.machine_level} -> {self.level}"

    def is_visible_to(self, user: Any) -> bool:
        """A district's people see their district, accounts of the whole city all."""
        return not user.region or self.region == user.region


class OptOut(models.Model):
    """Somebody who does not want to be profiled. The nightly leaves them out; nothing else changes for them."""

    subject_key = models.CharField(max_length=64)
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_key"], condition=models.Q(back_at__isnull=True), name="opted_out_once"),
        ]
