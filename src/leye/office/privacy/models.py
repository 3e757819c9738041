"""Who read whose data and why, what people ask of their own data, and the budget that noisy releases draw on."""

from __future__ import annotations

import json
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q


class ReadAccess(models.Model):
    """One read of one person's or firm's data. Rows grow and do not change, but for the re-encryption of `subject_sealed`.

    subject_key: keyed pseudonym, so that a person finds the reads of their own data and a stolen table names nobody · subject_sealed: the id,
    encrypted for the purpose `reads`, for notices after an incident · region: the subject's district · reader_region: the reader's at that time
    · columns: names, never values · leaf_index: where it is sealed.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reader_role = models.CharField(max_length=12)
    reader_region = models.CharField(max_length=6, blank=True)
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=64)
    subject_sealed = models.BinaryField()
    region = models.CharField(max_length=6, blank=True)
    purpose = models.CharField(max_length=40)
    columns = models.JSONField(default=list)
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_key", "at"]),
            models.Index(fields=["reader", "at"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_key[:8]} {self.at:%Y-%m-%dT%H:%M:%S}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the reader has a district, the subject has another, and the reader is not the subject."""
        return self.purpose != "own_data" and bool(self.reader_region and self.region) and self.reader_region != self.region


class DataRequest(models.Model):
    """A person asks to have their own data corrected or erased; the desk answers with a reason.

    column: which fact, empty for the whole file · words_sealed: what the person says, encrypted for the purpose `requests`
    · answer: said to the person, without personal data.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", "更正"
        ERASE = "erase", "删除"

    class State(models.TextChoices):
        OPEN = "open", "待办"
        DONE = "done", "已办"
        REFUSED = "refused", "不予办理"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject_key = models.CharField(max_length=64)
    region = models.CharField(max_length=6, blank=True)
    column = models.CharField(max_length=60, blank=True)
    words_sealed = models.BinaryField()
    at = models.DateTimeField()
    due = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["due", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due"]), models.Index(fields=["subject_key", "at"])]
        constraints: ClassVar = [
            # one open request about one fact: a second click must not make a second task
            models.UniqueConstraint(fields=["subject_key", "kind", "column"], condition=Q(state="open"), name="one_open_request_a_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.column} {self.state}"


class Budget(models.Model):
    """What may be lost of privacy by releases from one data set in one calendar year (Beijing), in millionths of an epsilon.

    The row is made once and then only charged: neither a restart nor a changed pack gives anything back.
    """

    dataset = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    total_micro = models.BigIntegerField()
    spent_micro = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-year", "dataset"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "year"], name="one_budget_a_year"),
            models.CheckConstraint(condition=Q(spent_micro__gte=0, spent_micro__lte=F("total_micro")), name="budget_is_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.year}: {self.spent_micro / 1e6:g} of {self.total_micro / 1e6:g}"

    @property
    def left_micro(self) -> int:
        """What is left."""
        return self.total_micro - self.spent_micro


class Release(models.Model):
    """Noisy counts as published. The same question about the same data is answered from here.

    query: canonical JSON of groups and filter, query_key its SHA-256 · data_sha256: of the table's file · scale: of the discrete Laplace noise
    · accuracy: half width that holds for one cell with 95 % probability · cells: list of [values of the groups…, noisy count].
    """

    id = models.UUIDField(primary_key=True)
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="releases")
    query = models.CharField(max_length=2000)
    query_key = models.CharField(max_length=64)
    data_sha256 = models.CharField(max_length=64)
    epsilon_micro = models.BigIntegerField()
    scale = models.FloatField()
    accuracy = models.FloatField()
    cells = models.JSONField(encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["data_sha256", "query_key"])]

    def __str__(self) -> str:
        return f"{self.query} {self.epsilon_micro / 1e6:g}"

    @property
    def epsilon(self) -> float:
        """What it cost."""
        return self.epsilon_micro / 1e6

    @property
    def groups(self) -> list[str]:
        """What it is split by, in the order of the cells."""
        return list(json.loads(self.query)["by"])
