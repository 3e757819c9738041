"""Applications, their steps in order, the candidates that a firm was shown, and who was still there later. Who it is, and words, lie encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where an application stands. The first six are open."""

    NEW = "new", "新收到"
    INVITED = "invited", "已邀请，等本人答复"
    PROCESSING = "processing", "正在看"
    POSTPONED = "postponed", "先留着"
    INTERVIEW = "interview", "约了面谈"
    OFFER = "offer", "要录用，等本人答复"
    ACCEPTED = "accepted", "已录用"
    REFUSED = "refused", "没有录用"
    CANCELLED = "cancelled", "本人取消"
    OBSOLETE = "obsolete", "岗位已关闭"


STATE_EN = {
    State.NEW: "New",
    State.INVITED: "Invited, waiting for the person",
    State.PROCESSING: "Being looked at",
    State.POSTPONED: "Kept for later",
    State.INTERVIEW: "Interview agreed",
    State.OFFER: "Offered, waiting for the person",
    State.ACCEPTED: "Hired",
    State.REFUSED: "Not hired",
    State.CANCELLED: "Cancelled",
    State.OBSOLETE: "The job was closed",
}
OPEN = (State.NEW, State.INVITED, State.PROCESSING, State.POSTPONED, State.INTERVIEW, State.OFFER)


class Origin(models.TextChoices):
    """Who spoke first."""

    SEEKER = "seeker", "本人"
    COUNSELLOR = "counsellor", "就业专员代交"
    EMPLOYER = "employer", "单位邀请"


ORIGIN_EN = {Origin.SEEKER: "The person", Origin.COUNSELLOR: "A counsellor on their behalf", Origin.EMPLOYER: "The employer's invitation"}


class Refusal(models.TextChoices):
    """Why an employer does not hire: a closed list, each about the job and nothing about who somebody is."""

    SKILLS = "skills", "技能和岗位还有差距"
    EXPERIENCE = "experience", "经验不够"
    CERTIFICATE = "certificate", "缺岗位必需的证书"
    HOURS = "hours", "时间、班次合不上"
    PAY = "pay", "工资没有谈拢"
    DISTANCE = "distance", "上下班太远"
    UNREACHABLE = "unreachable", "联系不上"
    NO_SHOW = "no_show", "约好没有来"
    FILLED = "filled", "已经招满"
    DUPLICATE = "duplicate", "重复的应聘"


REFUSAL_EN = {
    Refusal.SKILLS: "Skills fall short of the job",
    Refusal.EXPERIENCE: "Not enough experience",
    Refusal.CERTIFICATE: "A certificate that the job needs is missing",
    Refusal.HOURS: "Hours or shifts do not fit",
    Refusal.PAY: "No agreement on pay",
    Refusal.DISTANCE: "Too far to travel",
    Refusal.UNREACHABLE: "Could not be reached",
    Refusal.NO_SHOW: "Did not come as agreed",
    Refusal.FILLED: "All posts are filled",
    Refusal.DUPLICATE: "The same application twice",
}


class Application(models.Model):
    """One person and one job. job_id: a vacancy's key or an ad of the city's table · title, firm_name: as when it was sent · version: wording of the
    vacancy that was answered · sealed: `{"person"}` · origin, sent_by: who spoke first · shares_contact: the person lets the firm see name and phone
    · reason: of the closed list · start_on: first day of work, once offered · decision: the sealed match behind it, if it came from one."""

    id = models.UUIDField(primary_key=True)
    job_id = models.CharField(max_length=40)
    vacancy = models.ForeignKey("vacancies.Vacancy", on_delete=models.PROTECT, null=True, related_name="applications")
    version = models.PositiveIntegerField(default=0)
    firm_id = models.CharField(max_length=20)
    firm_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120)
    subject_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    region = models.CharField(max_length=6, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices)
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Refusal.choices, blank=True)
    shares_contact = models.BooleanField(default=False)
    start_on = models.DateField(null=True)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["firm_id", "state"]),
            models.Index(fields=["subject_key", "state"]),
            models.Index(fields=["job_id", "state"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(  # two clicks, or an invitation and an application at once, are one
                fields=["job_id", "subject_key"],
                condition=models.Q(state__in=["new", "invited", "processing", "postponed", "interview", "offer"]),
                name="one_open_application_a_job",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.state} {self.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in OPEN


class Step(models.Model):
    """One step. sealed: the words, encrypted; only the two sides and the counsellor read them · by: None for the clock · side: person, desk, firm or
    clock · is_undone: taken back by a later step."""

    id = models.UUIDField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=8)
    verb = models.CharField(max_length=14)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=12, blank=True)
    sealed = models.BinaryField()
    is_undone = models.BooleanField(default=False)
    leaf_index = models.BigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["leaf_index"]

    def __str__(self) -> str:
        return f"{self.verb} {self.application_id}"


class Candidate(models.Model):
    """Somebody that a firm was shown for a vacancy. sealed: `{"person", "reasons", "hard", "missing"}` · run_id: snapshot whose profiles were ranked
    · position: place in the list · decision: the sealed outcome."""

    id = models.UUIDField(primary_key=True)
    vacancy = models.ForeignKey("vacancies.Vacancy", on_delete=models.CASCADE, related_name="candidates")
    version = models.PositiveIntegerField()
    run_id = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=64)
    sealed = models.BinaryField()
    position = models.PositiveIntegerField()
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vacancy", "version", "run_id", "subject_key"], name="candidate_shown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.vacancy_id}"


class Stay(models.Model):
    """Whether somebody hired was still there after a number of days, as one side says. happened_on: the day asked about (or the day they left)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="stays")
    days = models.PositiveIntegerField()
    side = models.CharField(max_length=8)
    is_there = models.BooleanField()
    happened_on = models.DateField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["application", "days", "side"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "days", "side"], name="stay_said_once")]

    def __str__(self) -> str:
        return f"{self.days} {self.is_there}"
