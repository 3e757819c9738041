"""Why the register says no, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import CheckFailed, Conflict, NotAllowed
from leye.office.registry.models import Version


def barred(found: Version) -> CheckFailed:
    """The same code is suspended or blacklisted, whatever it is called now."""
    word = "已列入黑名单" if found.state == "blacklisted" else "已暂停"
    return CheckFailed(
        f"这份代码就是{word}的 {found}，改名不能重新登记",
        en=f"this is the code of {found}, which is {found.state}; another name does not help",
        remedy_zh="先整改，走原版本的重新评估；改过的代码作为原算法的新版本登记",
        remedy_en="mend it and have it assessed anew, or register the mended code as a new version of that algorithm",
        code="E_REGISTRY_BARRED",
    )


def there_already(found: Version) -> Conflict:
    """Same identity, or same name and version with other code."""
    return Conflict(
        f"已经登记过：{found}",
        en=f"registered already as {found}",
        remedy_zh="代码和配置没有变就不用再登记；变了请换一个版本号",
        remedy_en="nothing changed: no need to register; changed: choose another version",
        code="E_REGISTRY_THERE",
    )


def no_mandate() -> NotAllowed:
    """An auditor without the workers' mandate cannot sign for them."""
    return NotAllowed(
        "审计员要有“职工代表”身份才能代表劳动者签字",
        en="an auditor signs for the workers only with the mandate 职工代表",
        remedy_zh="请管理员在账号里登记身份，或请职工代表来签",
        remedy_en="ask the administrator to record the mandate, or a representative to sign",
        code="E_REGISTRY_MANDATE",
    )


def nothing_to_sign(version: Version) -> Conflict:
    """Signatures are given between the assessment and the launch."""
    return Conflict(
        "现在没有要签的审查",
        en=f"{version} is {version.state}; there is no review to sign",
        remedy_zh="评估之后、上线之前签字",
        remedy_en="sign after the assessment and before the launch",
        code="E_REGISTRY_STEP",
    )


def signed_already(who: str) -> Conflict:
    """One signature a side and a person."""
    return Conflict(
        f"这一方已经由 {who} 签过",
        en=f"{who} has signed for this side",
        remedy_zh="另一方由另一个人签",
        remedy_en="the other side is signed by another person",
        code="E_REGISTRY_SIGNED",
    )


def not_running(version: Version) -> Conflict:
    """Spot checks are of what runs."""
    return Conflict(
        f"{version} 不在运行",
        en=f"{version} does not run",
        remedy_zh="运行中才抽查",
        remedy_en="spot checks are of a running version",
        code="E_REGISTRY_STEP",
    )


def nothing_decided(version: Version) -> Conflict:
    """There is nothing to draw from."""
    return Conflict(
        "还没有可抽的决定",
        en=f"{version} has decided nothing to draw from",
        remedy_zh="有了决定再抽",
        remedy_en="come back when it has",
        code="E_REGISTRY_EMPTY",
    )


def only_by(zh: str, en: str) -> NotAllowed:
    """A step that a role may not take alone."""
    return NotAllowed(zh, en=en, remedy_zh="请管理员或审计员来办", remedy_en="ask an administrator or auditor", code="E_NOT_ALLOWED")
