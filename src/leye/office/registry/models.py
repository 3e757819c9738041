"""The register: versions with their card, every transition, signatures, sandboxes, spot checks, incidents; and the models that nightlies train.

Saving anything that the gate reads draws a new revision, so that no process goes on with what it remembers (`queries.admission`).
"""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from leye.trust.registry import KINDS, RISKS, STATES

USER = settings.AUTH_USER_MODEL


def _choices(table: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, words[0]) for code, words in table.items()]


class Revision(models.Model):
    """One row. `token` is drawn anew with every change of what the gate reads; drawn, not counted, because a rolled-back count would come again.

    installed: hash of the code whose cards were installed last.
    """

    token = models.BigIntegerField()
    installed = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.token)

    @classmethod
    def hold(cls) -> None:
        """Take the register's turn until the transaction ends: before the log's turn, or two changes would wait for each other."""
        cls.objects.get_or_create(pk=1, defaults={"token": secrets.randbits(62)})
        cls.objects.select_for_update().get(pk=1)

    @classmethod
    def renew(cls) -> None:
        """Make every process read the register again."""
        cls.objects.update_or_create(pk=1, defaults={"token": secrets.randbits(62)})


class Version(models.Model):
    """One version of an algorithm, as its card says.

    card: as in the file, parsed · card_hash: of the card · code_hash, config_hash, version_hash: its identity, whatever it is called
    · file_hashes: content hash -> characters of each file, so that a copy with something added is known again
    · round: how often it was assessed; signatures count for their round only · is_own: shipped with this product
    · is_installed: its code is the one installed here · expires_on: last day of the filing, None without end.
    """

    algo = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=_choices(KINDS))
    risk = models.CharField(max_length=8, choices=_choices(RISKS))
    owner = models.CharField(max_length=120)
    owner_id = models.CharField(max_length=18, blank=True)
    card = models.JSONField(encoder=DjangoJSONEncoder)
    card_text = models.TextField()
    card_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    config_hash = models.CharField(max_length=64)
    version_hash = models.CharField(max_length=64)
    file_hashes = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=_choices(STATES), default="draft")
    state_since = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)
    filing_number = models.CharField(max_length=60, blank=True)
    filed_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    is_own = models.BooleanField(default=False)
    is_installed = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["algo", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["algo", "version"], name="version_once_per_algo"),
            models.UniqueConstraint(fields=["version_hash"], name="version_once_per_identity"),
            models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="version_state_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["code_hash"]), models.Index(fields=["state", "algo"])]

    def __str__(self) -> str:
        return f"{self.algo} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every process hear of it."""
        super().save(*args, **kwargs)
        Revision.renew()

    def is_visible_to(self, user: Any) -> bool:
        """The register is open to all who may see it."""
        return True


class Transition(models.Model):
    """A change of state: who, why, on which document, and its leaf in the log."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    reason = models.TextField()
    document_hash = models.CharField(max_length=64, blank=True)
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.from_state}>{self.to_state}"


class Signature(models.Model):
    """One side's signature under the review before launch. side: `operator` or `workers` · document_hash: of the paper that was signed."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    mandate = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    document_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "round", "side"], name="signature_once_per_side"),
            models.UniqueConstraint(fields=["version", "round", "by"], name="signature_once_per_person"),
            models.CheckConstraint(condition=models.Q(side__in=["operator", "workers"]), name="signature_side_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.side}"


class Sandbox(models.Model):
    """The frame of a pilot. metrics: rows of name, zh, en, worst, is_bad_above · verdict: empty while it runs."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="sandbox")
    max_subjects = models.PositiveIntegerField()
    ends_on = models.DateField()
    metrics = models.JSONField(default=list)
    verdict = models.CharField(max_length=12, blank=True)
    verdict_note = models.TextField(blank=True)
    verdict_at = models.DateTimeField(null=True)
    verdict_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.version_id} {self.max_subjects}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every process hear of it."""
        super().save(*args, **kwargs)
        Revision.renew()


class SandboxReading(models.Model):
    """One value of one metric."""

    sandbox = models.ForeignKey(Sandbox, on_delete=models.PROTECT, related_name="readings")
    metric = models.CharField(max_length=60)
    value = models.FloatField()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.metric}={self.value}"


class SpotCheck(models.Model):
    """A sample of a running version's decisions, drawn from a recorded seed over places of the log; `population` is how many there were."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="spot_checks")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    first_leaf = models.BigIntegerField()
    last_leaf = models.BigIntegerField()
    population = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.seed}"


class SpotItem(models.Model):
    """One drawn decision and what the checker found: empty (not yet looked at), `sound`, `doubtful` or `wrong`."""

    check_of = models.ForeignKey(SpotCheck, on_delete=models.PROTECT, related_name="items")
    place = models.BigIntegerField()
    found = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(null=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["check_of", "place"], name="spot_item_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.found}"


class Incident(models.Model):
    """Something went wrong: the window, what happened, and the decisions of that window by their places in the log (fixed when it is opened)."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="incidents")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    region = models.CharField(max_length=6, blank=True)
    about = models.TextField()
    traced = models.JSONField(default=list)
    trace_hash = models.CharField(max_length=64)
    result = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.starts_at:%Y-%m-%d}"


class TrainedModel(models.Model):
    """One model as a nightly trained it.

    data_hash: of the tables it learned from · output_hash: of the tables it wrote · scores: by name · command: reproduces it, one line
    · cpu_s: CPU seconds of training, None where nobody measured them.
    """

    run_id = models.CharField(max_length=30)
    algo = models.CharField(max_length=60)
    version = models.CharField(max_length=40, blank=True)
    data_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    output_hash = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    settings = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    cpu_s = models.FloatField(null=True)
    command = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "algo"], name="trained_once_per_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.algo}"
