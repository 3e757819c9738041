"""A vacancy and its versions. What an advert says is public; nobody's personal data lies here."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a vacancy stands."""

    DRAFT = "draft", "草稿"
    OPEN = "open", "招聘中"
    PAUSED = "paused", "暂停"
    CLOSED = "closed", "已关闭"
    EXPIRED = "expired", "已到期"


STATE_EN = {State.DRAFT: "Draft", State.OPEN: "Open", State.PAUSED: "Paused", State.CLOSED: "Closed", State.EXPIRED: "Expired"}


class Closing(models.TextChoices):
    """Why a vacancy was closed."""

    FILLED = "filled", "招满了"
    ELSEWHERE = "elsewhere", "从别处招到了"
    DROPPED = "dropped", "不招了"


CLOSING_EN = {Closing.FILLED: "All posts are filled", Closing.ELSEWHERE: "Found elsewhere", Closing.DROPPED: "No longer needed"}


class Vacancy(models.Model):
    """One opening. id: the vacancy_key, which stays through all versions and re-postings · region: district, six digits · version: number of the
    newest version · filled: posts taken through applications here · closes_on: last Beijing day on which people can apply."""

    id = models.UUIDField(primary_key=True)
    firm_id = models.CharField(max_length=20)
    firm_name = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    headcount = models.PositiveIntegerField(default=1)
    filled = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=10, choices=Closing.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["firm_id", "state"]), models.Index(fields=["state", "closes_on"])]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(headcount__gte=1), name="vacancy_has_a_post")]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.state} {self.id}"

    def is_visible_to(self, user: Any) -> bool:
        """A firm sees its own; the desk sees what was sent, in its district and in the whole city alike, since people work across borders."""
        if user.subject and user.subject == self.firm_id:
            return True
        return user.role in ("analyst", "counsellor") and self.state != State.DRAFT

    def is_open_on(self, on: date) -> bool:
        """Whether somebody can apply on a day; also says no between the last day and the night that marks it expired."""
        return self.state == State.OPEN and self.closes_on is not None and on <= self.closes_on and self.filled < self.headcount

    @property
    def left(self) -> int:
        """Posts that are still free."""
        return max(0, self.headcount - self.filled)


class Version(models.Model):
    """One wording. place: as written · region: district read from it or chosen · pay: as written · read: `{"slots": [...], "columns": {...}}`, what
    the parser read · answers: what the employer answered where reading was not certain, in columns of `leye.match.columns.JOBS`."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=120)
    region = models.CharField(max_length=6, blank=True)
    pay = models.CharField(max_length=60)
    headcount = models.PositiveIntegerField()
    description = models.TextField(max_length=4000)
    read = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["vacancy", "number"], name="vacancy_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
