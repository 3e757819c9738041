"""A campaign, the turn of each grid, and everybody on its list with how far the notice came.

Whom a row is about stands there as a keyed pseudonym, by which claims are joined, and encrypted, by which the message is addressed; a copied table
alone names nobody.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签发"
    RUNNING = "running", "正在分批通知"
    STOPPED = "stopped", "已停止"


STATE_EN = {State.DRAFT: "Draft", State.SIGNED: "Signed", State.RUNNING: "Rolling out", State.STOPPED: "Stopped"}


class Campaign(models.Model):
    """One campaign for one policy. texts: by channel `{parts, dropped, mean, longest, is_plain}` · unsure: open points, told to whoever answers
    questions · text_sha256: of the texts, sealed when signed · rules_on, region: of the rule the texts were made from · list_run: the run whose marks
    gave the list · seed: of the lottery, from the signature's leaf and the list, so that nobody chose it · plan: power and balance of the steps.
    """

    id = models.UUIDField(primary_key=True)
    policy = models.CharField(max_length=60)
    policy_zh = models.CharField(max_length=120)
    policy_en = models.CharField(max_length=160)
    region = models.CharField(max_length=9, blank=True)
    language = models.CharField(max_length=2, default="zh")
    channels = models.JSONField(default=list)
    rules_on = models.DateField()
    texts = models.JSONField(default=dict)
    unsure = models.JSONField(default=list)
    text_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_leaf = models.BigIntegerField(null=True)
    list_run = models.CharField(max_length=30, blank=True)
    list_sha256 = models.CharField(max_length=64, blank=True)
    start_on = models.DateField(null=True)
    weeks = models.PositiveSmallIntegerField(null=True)
    steps = models.PositiveSmallIntegerField(null=True)
    seed = models.BigIntegerField(null=True)
    plan = models.JSONField(default=dict)
    scheduled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-drafted_at", "-id"]
        constraints: ClassVar = [
            # two roll-outs of one policy at once would tell people twice and spoil each other's comparison
            models.UniqueConstraint(fields=["policy"], condition=models.Q(state="running"), name="one_running_campaign_a_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.state} {self.id}"


class GridTurn(models.Model):
    """One grid's turn. step: from 0, None for grids kept to the end · delivered_at: when its messages were handed over."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="turns")
    grid_id = models.CharField(max_length=12)
    people = models.PositiveIntegerField()
    block = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(null=True)
    deliver_on = models.DateField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["step", "grid_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "grid_id"], name="one_turn_a_grid")]
        indexes: ClassVar = [models.Index(fields=["deliver_on", "delivered_at"])]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.deliver_on}"


class Recipient(models.Model):
    """Somebody on the list, told or not yet. id is the number on the message, so that a gateway reports on it without knowing who it is.

    sealed: the person's id · sex, age_band: for the funnel, empty when unknown · failed: why a message could not be delivered.
    """

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="recipients")
    subject_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    grid_id = models.CharField(max_length=12)
    sex = models.CharField(max_length=1, blank=True)
    age_band = models.CharField(max_length=6, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    handed_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    applied_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    failed = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["campaign", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "subject_key"], name="a_person_stands_once_on_a_list")]
        indexes: ClassVar = [models.Index(fields=["campaign", "grid_id"]), models.Index(fields=["subject_key"])]

    def __str__(self) -> str:
        return f"{self.subject_key[:8]} {self.channel}"


class Handover(models.Model):
    """Messages given to a sender: one channel of one campaign on one day. name, sha256: of what was handed over · withdrawn_at: taken back."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="handovers")
    channel = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    messages = models.PositiveIntegerField()
    grids = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "channel"]

    def __str__(self) -> str:
        return f"{self.channel} {self.messages} {self.at:%Y-%m-%d}"


def is_on(campaign: Any) -> bool:
    """Whether messages may still go out."""
    return bool(campaign.state == State.RUNNING)
