"""An objection to one decision, and its steps in order. What people say lies encrypted on the steps."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from leye.kernel.clock import beijing_day

USER = settings.AUTH_USER_MODEL


class Category(models.TextChoices):
    """Why somebody objects."""

    WRONG_FACTS = "wrong_facts", "事实不对"
    WRONG_RULE = "wrong_rule", "规则用错了"
    UNFAIR = "unfair", "不公平"
    UNEXPLAINED = "unexplained", "看不懂理由"
    HUMAN_WANTED = "human_wanted", "不接受只由机器决定，要人来定"
    OTHER = "other", "其他"


CATEGORY_EN = {
    Category.WRONG_FACTS: "The facts are wrong",
    Category.WRONG_RULE: "The rule was applied wrongly",
    Category.UNFAIR: "It is unfair",
    Category.UNEXPLAINED: "I do not understand the reasons",
    Category.HUMAN_WANTED: "I do not accept a decision by a machine alone; a person should decide",
    Category.OTHER: "Something else",
}


class State(models.TextChoices):
    """Where it stands."""

    RAISED = "raised", "等人受理"
    TAKEN = "taken", "办理中"
    ASKED = "asked", "等本人补充"
    UPHELD = "upheld", "维持原决定"
    CORRECTED = "corrected", "已更正"
    WITHDRAWN = "withdrawn", "本人撤回"


STATE_EN = {
    State.RAISED: "Waiting for a handler",
    State.TAKEN: "In hand",
    State.ASKED: "Waiting for your answer",
    State.UPHELD: "The decision stands",
    State.CORRECTED: "Corrected",
    State.WITHDRAWN: "Withdrawn",
}
OPEN = (State.RAISED, State.TAKEN, State.ASKED)
"""States in which the clock runs; asking the person for more does not stop it."""


class Objection(models.Model):
    """One objection. item: which outcome of a batch, empty for the whole · due_on: last Beijing day for the answer · decided_as: the person's own
    decision that came of it (a correction, or the same outcome by a person)."""

    id = models.UUIDField(primary_key=True)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="objections")
    raised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="objections")
    category = models.CharField(max_length=12, choices=Category.choices)
    item = models.CharField(max_length=120, blank=True)
    algo = models.CharField(max_length=60)
    region = models.CharField(max_length=6, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RAISED)
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    handler = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_as = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, null=True, related_name="from_objections")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"]), models.Index(fields=["raised_by", "raised_at"])]
        constraints: ClassVar = [
            # two clicks must not make two objections: the clock would run twice and two people would answer
            models.UniqueConstraint(
                fields=["decision", "raised_by"], condition=models.Q(state__in=["raised", "taken", "asked"]), name="one_open_objection_a_decision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.state} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether the clock runs."""
        return self.state in OPEN

    def is_visible_to(self, user: Any) -> bool:
        """A district's people see their district, what is in their hands, and what was escalated; accounts of the whole city see all."""
        return not user.region or not self.region or self.region == user.region or self.handler_id == user.pk or self.escalated_at is not None

    def days_left(self, on: date) -> int:
        """Days until the last day for the answer; negative when late."""
        return (self.due_on - on).days

    def raised_on(self) -> date:
        """The Beijing day on which it was raised."""
        return beijing_day(self.raised_at)


class Step(models.Model):
    """One step: who did what when, and what they said, encrypted. by: None for the clock."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=12)
    words_sealed = models.BinaryField()
    is_erased = models.BooleanField(default=False)
    sealed_id = models.UUIDField()
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["leaf_index"]

    def __str__(self) -> str:
        return f"{self.verb} {self.objection_id}"
