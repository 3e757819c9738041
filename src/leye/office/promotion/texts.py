"""The texts of a campaign: made from the rule in force, hashed, and made again before anybody signs them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leye.kernel.errors import CheckFailed
from leye.office.rules import active_packs
from leye.policy.promote import shipped_channels, write_notice


@dataclass(frozen=True)
class Texts:
    """by_channel: `{parts, dropped, mean, longest, is_plain}` · unsure: open points · refused: channels in which it does not fit, with the reason."""

    by_channel: dict[str, dict[str, Any]]
    unsure: tuple[str, ...]
    refused: dict[str, CheckFailed]

    @property
    def sha256(self) -> str:
        """Of everything that people will read."""
        said = json.dumps({name: row["parts"] for name, row in self.by_channel.items()}, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def texts_of(policy: str, *, channels: Sequence[str], on: date, region: str, language: str) -> Texts:
    """The texts of one policy. Raises NotFound (E_POLICY, E_CHANNEL); CheckFailed when no channel can carry it (unverified, not in force)."""
    from leye.office.entitlements.files import data_folder

    packs, known = active_packs(data_folder()), shipped_channels()
    made: dict[str, dict[str, Any]] = {}
    unsure: tuple[str, ...] = ()
    refused: dict[str, CheckFailed] = {}
    for name in channels:
        try:
            notice = write_notice(packs, policy, on=on, channels=known, channel=name, region=region or None, language=language)
        except CheckFailed as error:
            refused[name] = error
            continue
        reading = {"mean": notice.reading.mean, "longest": notice.reading.longest_clause, "is_plain": notice.reading.is_plain}
        made[name] = {"parts": list(notice.parts), "dropped": list(notice.dropped), **reading}
        unsure = notice.unsure
    if not made:
        raise next(iter(refused.values()))
    return Texts(made, unsure, refused)
