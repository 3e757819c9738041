"""Which runs were sealed; lists made by day; what people said about a match; what was answered to a question; what a counsellor recommended."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL
STANDING = models.Q(undone_at__isnull=True)


class MatchRun(models.Model):
    """A district whose matches of a run are sealed; pages show no others."""

    run_id = models.CharField(max_length=30)
    region = models.CharField(max_length=6, blank=True)
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "region"], name="match_sealed_once")]


class OwnList(models.Model):
    """The list that was made for one person between two nights, from what they confirmed by day; the next night's takes its place.

    sealed: the table's rows, encrypted · decision: what was sealed of it, none when no job fits · at: when it was made.
    """

    id = models.UUIDField(primary_key=True)
    subject_key = models.CharField(max_length=64, unique=True)
    region = models.CharField(max_length=6, blank=True)
    sealed = models.BinaryField()
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]


class Word(models.TextChoices):
    """What somebody says of a job that was shown."""

    LIKE = "like", "感兴趣"
    HIDE = "hide", "不要这个"


class Feedback(models.Model):
    """A like or a hide. It changes what is shown of this one job and nothing else: no place, no service, no other list."""

    id = models.UUIDField(primary_key=True)
    subject_key = models.CharField(max_length=64)
    job_id = models.CharField(max_length=40)
    word = models.CharField(max_length=4, choices=Word.choices)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject_key", "job_id"], condition=STANDING, name="one_standing_word")]


class Answer(models.Model):
    """An answer to a question that a match left open; it fills the unknown and overrides nothing. sealed: value and how it is known, encrypted."""

    id = models.UUIDField(primary_key=True)
    subject_key = models.CharField(max_length=64)
    feature = models.CharField(max_length=20)
    sealed = models.BinaryField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject_key", "feature"], condition=STANDING, name="one_standing_answer")]


class Recommendation(models.Model):
    """A job that a counsellor put before a person who agreed to it. sealed: how the person agreed and what was said, encrypted."""

    id = models.UUIDField(primary_key=True)
    subject_key = models.CharField(max_length=64)
    job_id = models.CharField(max_length=40)
    sealed = models.BinaryField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject_key", "job_id"], condition=STANDING, name="recommended_once")]
