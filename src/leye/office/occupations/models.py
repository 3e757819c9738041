"""Corrections of codes and decisions on candidates of new occupations; nothing is overwritten, what is taken back says by whom and when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Correction(models.Model):
    """A person's word on a title. clean: the title as the coder reads it · written: as it stood · from_code: the machine's answer, empty for none ·
    valid_from: first month `YYYY-MM` of which it holds.
    """

    id = models.UUIDField(primary_key=True)
    clean = models.CharField(max_length=200, db_index=True)
    written = models.CharField(max_length=200)
    from_code = models.CharField(max_length=7, blank=True)
    to_code = models.CharField(max_length=7)
    valid_from = models.CharField(max_length=7)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [  # two desks correct one title at once: the second is told
            models.UniqueConstraint(fields=["clean"], condition=models.Q(undone_at__isnull=True), name="one_standing_correction"),
        ]

    def __str__(self) -> str:
        return f"{self.clean}: {self.from_code or '—'} -> {self.to_code}"


class NewcomerDecision(models.Model):
    """What a person decided on a cluster of titles. name: its commonest title · titles: all of them · counts: adverts of its three months."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200, unique=True)
    titles = models.JSONField()
    counts = models.JSONField()
    employers = models.PositiveIntegerField()
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}: {'approved' if self.is_approved else 'refused'}"
