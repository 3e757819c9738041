"""An alert, the task it became, the steps of that task, and every change of state."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from leye.office.accounts.roles import Role

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where an alert stands; which step may follow which is said by `leye.watch.states`."""

    OPEN = "open", "待处置"
    ASSIGNED = "assigned", "已派单"
    ACTING = "acting", "处置中"
    CLOSED = "closed", "已办结"
    FALSE_ALARM = "false_alarm", "误报"


class Level(models.TextChoices):
    """Four lamps; `rank` orders them."""

    BLUE = "blue", "蓝"
    YELLOW = "yellow", "黄"
    ORANGE = "orange", "橙"
    RED = "red", "红"


RANK = {Level.BLUE: 1, Level.YELLOW: 2, Level.ORANGE: 3, Level.RED: 4}


class Alert(models.Model):
    """One spell of alarm of one series. (unique_id, ds of its beginning) is its identity over runs.

    last_ds: newest alarm row of the spell seen so far · last_run_id: newest run that still shows it · is_lit: whether the lamp burns in that run
    · decision_id: the sealed outcome that says what this row says.
    """

    id = models.UUIDField(primary_key=True)
    unique_id = models.CharField(max_length=200)
    ds = models.DateField()
    last_ds = models.DateField()
    is_lit = models.BooleanField(default=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    evidence = models.JSONField(default=dict)
    indicator = models.CharField(max_length=60)
    region = models.CharField(max_length=6, blank=True)
    series_zh = models.CharField(max_length=200)
    series_en = models.CharField(max_length=200)
    plan_id = models.CharField(max_length=80, blank=True)
    advice = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="alerts")
    run_id = models.CharField(max_length=30)
    last_run_id = models.CharField(max_length=30)
    decision_id = models.UUIDField(null=True)
    taken_up_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unique_id", "ds"], name="alert_once_per_onset"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="alert_state_is_known"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="alert_level_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-rank", "-ds"]), models.Index(fields=["unique_id"])]

    def __str__(self) -> str:
        return f"{self.level} {self.unique_id} {self.ds}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in {State.CLOSED, State.FALSE_ALARM}

    @property
    def finding(self) -> str:
        """What happened, in Chinese; the evidence says it, the series' name where it does not."""
        return str(self.evidence.get("zh") or self.series_zh)

    @property
    def finding_en(self) -> str:
        """The same in English."""
        return str(self.evidence.get("en") or self.series_en)

    def is_visible_to(self, user: Any) -> bool:
        """Analysts see the city; a counsellor with a district sees that district and what was given to them."""
        return user.role == Role.ANALYST or not user.region or self.region == user.region or self.owner_id == user.pk


class Task(models.Model):
    """The plan instantiated for one alert. One per alert; assigning again changes the owner."""

    id = models.UUIDField(primary_key=True)
    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="task")
    plan_id = models.CharField(max_length=80, blank=True)
    plan_title = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="tasks")
    due = models.DateTimeField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.plan_id} {self.alert_id}"


class TaskStep(models.Model):
    """One step of the plan: who answers for it, by when, and what shows that it was done."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    owner_role = models.CharField(max_length=60, blank=True)
    due = models.DateTimeField()
    evidence_wanted = models.CharField(max_length=300, blank=True)
    evidence_given = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "number"], name="step_once_per_task")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Transition(models.Model):
    """One change of state or owner; the newest assignment can be undone while it is the newest."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    from_owner = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    to_owner = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"
