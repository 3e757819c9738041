"""A campaign from draft to signature, and its invitations from draft to sent. Who is placed where lies encrypted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

USER = settings.AUTH_USER_MODEL


class Kind(models.TextChoices):
    """What people are placed for."""

    FAIR = "fair", "招聘会"
    PUBLIC = "public", "公益性岗位"


KIND_EN = {Kind.FAIR: "Job fair", Kind.PUBLIC: "Public posts"}


class Who(models.TextChoices):
    """From where the people come."""

    DISTRICT = "district", "一个区县的求职者"
    HELP = "help", "我的帮扶名单"
    TODAY = "today", "我的今日清单"
    WISH = "wish", "所有写明想做什么的求职者"


WHO_EN = {
    Who.DISTRICT: "People of one district who look for work",
    Who.HELP: "My list of people who need more help",
    Who.TODAY: "My list for today",
    Who.WISH: "Everybody who said what work they want",
}


class State(models.TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", "算好了，等人选方式"
    CHOSEN = "chosen", "选好了，等第二个人签"
    SIGNED = "signed", "已签署，可以邀请"
    WITHDRAWN = "withdrawn", "已撤回"


STATE_EN = {
    State.DRAFT: "Computed, a way is to be chosen",
    State.CHOSEN: "Chosen, a second person is to sign",
    State.SIGNED: "Signed, invitations can go out",
    State.WITHDRAWN: "Withdrawn",
}


class Campaign(models.Model):
    """region: district, six digits, empty for the whole place · posts: `[{job_id, title, firm_name, places}]` · body: how many people and edges, and
    for each mode its account and groups · sealed: who is placed where in each mode · content_sha256: of all that is signed · mode: what was picked
    · choice: why · leaf_index: of the signature."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    who = models.CharField(max_length=8, choices=Who.choices)
    region = models.CharField(max_length=6, blank=True)
    posts = models.JSONField(encoder=DjangoJSONEncoder)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    sealed = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    mode = models.CharField(max_length=8, blank=True)
    choice = models.CharField(max_length=500, blank=True)
    chosen_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    leaf_index = models.BigIntegerField(null=True, unique=True)
    sealed_people = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["region", "state"])]
        constraints: ClassVar = [
            models.CheckConstraint(  # the second person is another one, whatever the code above says
                condition=models.Q(signed_by__isnull=True)
                | (~models.Q(signed_by=models.F("made_by")) & ~models.Q(signed_by=models.F("chosen_by")) & models.Q(chosen_by__isnull=False)),
                name="campaign_signed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    def is_visible_to(self, user: Any) -> bool:
        """An account of one district sees that district's, and those of the whole place, whose people of its own it invites."""
        return not user.region or self.region in ("", user.region)


class Step(models.TextChoices):
    """Where an invitation stands."""

    DRAFTED = "drafted", "等征求本人意见"
    SENT = "sent", "本人同意，已代交"
    DROPPED = "dropped", "不邀请了"


STEP_EN = {Step.DRAFTED: "To be asked", Step.SENT: "Agreed, sent", Step.DROPPED: "Not invited"}


class Invitation(models.Model):
    """One placed person. sealed: `{"person"}` · region: their district · decision: the sealed outcome · application: once sent · said: why it was
    dropped."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="invitations")
    subject_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    region = models.CharField(max_length=6, blank=True)
    job_id = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=Step.choices, default=Step.DRAFTED)
    said = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["job_id", "id"]
        indexes: ClassVar = [models.Index(fields=["campaign", "region", "state"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "subject_key"], name="one_place_a_campaign"),
            models.CheckConstraint(
                condition=models.Q(state="sent", application__isnull=False) | (~models.Q(state="sent") & models.Q(application__isnull=True)),
                name="invitation_sent_is_an_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.state}"
