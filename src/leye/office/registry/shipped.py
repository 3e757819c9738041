"""The product's own cards enter the register when a data folder is prepared: running and signed in a demo, drafts in production."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

import leye
from leye.kernel.clock import beijing_day
from leye.lake.snapshots import code_hash
from leye.office.accounts.models import User
from leye.office.registry.models import Revision, Version
from leye.packs import open_pack
from leye.trust.registry import Source, card_of, document_of, identity_of, sources_of

PACKAGE = Path(leye.__file__).parent
DEMO_NUMBER = "演示备案（未向任何机关提交）"


def install_cards(at: datetime, *, demo: bool) -> list[Version]:
    """Register the shipped cards that are not there yet; running it again changes nothing. Returns the new versions.

    Code that changed since is a new version under the card's number and the first digits of its hash; in production it waits as a draft.
    """
    stamp = hashlib.sha256(code_hash(PACKAGE).encode()).hexdigest()
    if Revision.objects.filter(pk=1, installed=stamp).exists():
        return []
    with transaction.atomic():
        found = [_install(file, at) for file in sorted(open_pack("algorithms").glob("*.yaml"))]
        new = [version for version, is_new in found if is_new]
        if demo:
            for version in new:
                _run_in_demo(version, at)
        Revision.objects.filter(pk=1).update(installed=stamp)
    return new


def _install(file: Path, at: datetime) -> tuple[Version, bool]:
    document = document_of(file)
    card = card_of(document)
    sources = sources_of(card, [PACKAGE])
    identity = identity_of(card, sources)
    there = Version.objects.filter(version_hash=identity.version_hash).first()
    if there is None:
        there, is_new = _enter(file, card.algo, card.version, sources, identity.version_hash, at), True
    else:
        is_new = False
    others = Version.objects.filter(algo=card.algo, is_installed=True).exclude(pk=there.pk)
    if not there.is_installed or others.exists():
        others.update(is_installed=False)
        there.is_installed = True
        there.save()
    return there, is_new


def _enter(file: Path, algo: str, version: str, sources: list[Source], identity: str, at: datetime) -> Version:
    from leye.office.registry.registering import enter

    is_taken = Version.objects.filter(algo=algo, version=version).exists()
    label = f"{version}+{identity[:8]}" if is_taken else version
    return enter(file.read_text(encoding="utf-8-sig"), sources, file=file.name, by=None, at=at, label=label, is_own=True, is_installed=True)


def _run_in_demo(version: Version, at: datetime) -> None:
    """Through every step that a real one takes, signed by the demo's accounts and saying so."""
    from leye.office.registry import actions

    admin, auditor = _demo("admin"), _demo("auditor")
    if admin is None or auditor is None:
        return
    actions.assess(version.pk, reason="演示：随产品交付的自评估", acting_user=admin, at=at)
    for user in (admin, auditor):
        actions.sign(version.pk, acting_user=user, at=at, note="演示账号签字")
    actions.file(version.pk, number=DEMO_NUMBER, on=beijing_day(at), reason="演示：登记", acting_user=admin, at=at)
    actions.launch(version.pk, reason="演示：上线运行", acting_user=admin, at=at)


def _demo(username: str) -> Any:
    return User.objects.filter(username=username, is_demo=True, is_active=True).first()
