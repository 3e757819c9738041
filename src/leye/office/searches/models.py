"""Searches that an account keeps. What it looks for lies encrypted; who keeps one is known to the account alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Notify(models.TextChoices):
    """How often new hits are told."""

    NONE = "none", "不提醒"
    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"


NOTIFY_EN = {Notify.NONE: "Never", Notify.DAILY: "Daily", Notify.WEEKLY: "Weekly"}
EVERY_DAYS = {Notify.DAILY: 1, Notify.WEEKLY: 7}


class SavedSearch(models.Model):
    """One kept search. sealed: `{"name", "criteria", "seen"}` as JSON, encrypted; seen: job ids of the last look · looked_at: when that was ·
    told_at, told: when new hits were told last, and how many · deleted_at: taken away, can be brought back until the night."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    notify = models.CharField(max_length=8, choices=Notify.choices, default=Notify.DAILY)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["owner", "deleted_at"])]

    def __str__(self) -> str:
        return str(self.id)

    def is_visible_to(self, user: Any) -> bool:
        """The owner's alone."""
        return bool(self.owner_id == user.pk)
