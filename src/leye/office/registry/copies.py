"""The same code under another name: what is barred once is barred wherever it turns up, before registration and at every later step."""

from __future__ import annotations

from collections.abc import Mapping

from leye.office.registry.models import Version
from leye.trust.registry import BARRED
from leye.trust.registry.identity import share_copied

COPIED = 0.5  # share of a barred version's code from which another algorithm's version is a copy of it; chosen by us


def is_copy(of: Version, *, algo: str, version_hash: str, code_hash: str, files: Mapping[str, int], state: str) -> bool:
    """Whether something is `of` again, as far as `state` (that `of` has or is to have) bars it.

    Suspended: the same code with the same settings, so that mended settings may be assessed. Blacklisted: the same code with any settings.
    Either: another algorithm's version that holds at least half of it word for word; the algorithm's own next version may.
    """
    is_same = of.version_hash == version_hash or (state == "blacklisted" and of.code_hash == code_hash)
    return is_same or (of.algo != algo and share_copied(files, of.file_hashes) >= COPIED)


def barred_twin(*, algo: str, version_hash: str, code_hash: str, files: Mapping[str, int], but: int | None = None) -> Version | None:
    """A suspended or blacklisted version that this is a copy of. but: key of the version itself."""
    parts = {"algo": algo, "version_hash": version_hash, "code_hash": code_hash, "files": files}
    barred = Version.objects.filter(state__in=BARRED).exclude(pk=but)
    return next((known for known in barred if is_copy(known, **parts, state=known.state)), None)  # type: ignore[arg-type]


def twin_of(version: Version) -> Version | None:
    """The same for a registered version."""
    return barred_twin(algo=version.algo, version_hash=version.version_hash, code_hash=version.code_hash, files=version.file_hashes, but=version.pk)


def running_copies(of: Version, *, state: str) -> list[Version]:
    """Running versions that `of`, once it is in `state`, bars; locked."""
    running = Version.objects.select_for_update().filter(state="running").exclude(pk=of.pk).order_by("pk")
    return [v for v in running if is_copy(of, algo=v.algo, version_hash=v.version_hash, code_hash=v.code_hash, files=v.file_hashes, state=state)]
