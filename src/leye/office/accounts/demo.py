"""The demo's accounts: one for each role, a second counsellor in another district so that borders can be seen, and a second analyst, because what one
analyst drafts another signs."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from leye.office.accounts.models import User
from leye.office.accounts.roles import Role

PASSWORD = "leye-demo-2025"  # noqa: S105 - printed by `leye up`; production refuses every account made here


@dataclass(frozen=True, slots=True)
class Login:
    """What `leye up` prints."""

    role: str
    username: str
    password: str


ACCOUNTS = [
    # role, username, shown as, region, desk, mandate
    (Role.ANALYST, "analyst", "林分析", "", "市人社局就业促进科", ""),
    (Role.COUNSELLOR, "counsellor", "陈专员", "440605", "南海区就业服务站", ""),
    (Role.SEEKER, "seeker", "黄求职", "440605", "", ""),
    (Role.WORKER, "worker", "周骑手", "440606", "", ""),
    (Role.EMPLOYER, "employer", "何经理", "440604", "", ""),
    (Role.PROVIDER, "provider", "梁老师", "440604", "", ""),
    (Role.OPERATOR, "operator", "吴运营", "", "", ""),
    (Role.AUDITOR, "auditor", "赵审计", "", "市总工会", "职工代表"),
    (Role.ADMIN, "admin", "孙管理", "", "信息中心", ""),
    (Role.COUNSELLOR, "counsellor2", "罗专员", "440606", "顺德区就业服务站", ""),
    (Role.ANALYST, "analyst2", "许分析", "", "市人社局规划财务科", ""),
]


def make_demo_accounts() -> list[Login]:
    """Create what is missing (running again changes nothing) and return one login per role."""
    there = set(User.objects.values_list("username", flat=True))
    hashed = "" if all(a[1] in there for a in ACCOUNTS) else make_password(PASSWORD)  # one slow hash for all
    User.objects.bulk_create(
        User(username=name, password=hashed, display_name=shown, role=role, region=region, desk=desk, mandate=mandate, is_demo=True)
        for role, name, shown, region, desk, mandate in ACCOUNTS
        if name not in there
    )
    return [Login(str(role), name, PASSWORD) for role, name, *_ in ACCOUNTS[: len(Role)]]
