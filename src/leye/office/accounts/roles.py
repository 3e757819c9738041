"""The nine roles, in the order in which they are shown."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """One per account. What each may do stands in `leye.office.permissions`."""

    ANALYST = "analyst", "分析员"
    COUNSELLOR = "counsellor", "就业专员"
    SEEKER = "seeker", "求职者"
    WORKER = "worker", "灵活就业者"
    EMPLOYER = "employer", "用人单位"
    PROVIDER = "provider", "培训机构"
    OPERATOR = "operator", "平台运营"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "管理员"


ROLE_EN = {
    Role.ANALYST: "Analyst",
    Role.COUNSELLOR: "Counsellor",
    Role.SEEKER: "Job seeker",
    Role.WORKER: "Flexible worker",
    Role.EMPLOYER: "Employer",
    Role.PROVIDER: "Training provider",
    Role.OPERATOR: "Platform operator",
    Role.AUDITOR: "Auditor",
    Role.ADMIN: "Administrator",
}
