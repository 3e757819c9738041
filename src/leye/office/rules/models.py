"""A bureau's own policy file from draft to publication, and its steps in order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from leye.policy.lookup import covers

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where it stands."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签字，等公布"
    PUBLISHED = "published", "已公布，正在执行"
    SUPERSEDED = "superseded", "已被新版代替"
    WITHDRAWN = "withdrawn", "已撤回"


STATE_EN = {
    State.DRAFT: "Draft",
    State.SIGNED: "Signed, to be published",
    State.PUBLISHED: "Published and in use",
    State.SUPERSEDED: "Replaced by a newer one",
    State.WITHDRAWN: "Withdrawn",
}
OPEN = (State.DRAFT, State.SIGNED)


class RuleDraft(models.Model):
    """One policy file of one place.

    region: prefix form (CN-4403), the place of its pack · policy, name: as the text says, empty where it does not read · text_sha256: of the text
    · signed_sha256: of the text that was signed; only that text may be published · revision: grows with each change.
    """

    id = models.UUIDField(primary_key=True)
    policy = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=9)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "region"])]
        constraints: ClassVar = [
            # two published files of one policy in one place would be two laws at once
            models.UniqueConstraint(fields=["region", "policy"], condition=models.Q(state="published"), name="one_published_rule_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.policy} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it can still become law."""
        return self.state in OPEN

    def is_visible_to(self, user: Any) -> bool:
        """Accounts of the whole city see all; those of a district what holds there."""
        return not user.region or covers(self.region, f"CN-{user.region}") or covers(f"CN-{user.region}", self.region)


class RuleStep(models.Model):
    """What happened to a draft: who, when, why, and the text it was about."""

    draft = models.ForeignKey(RuleDraft, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12)
    reason = models.CharField(max_length=500, blank=True)
    text_sha256 = models.CharField(max_length=64)
    leaf_index = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.draft_id}"
