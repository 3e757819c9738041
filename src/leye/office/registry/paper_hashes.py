"""The hash that signatures and transitions rest on: of a paper as it is rendered from the card and the law pack."""

from __future__ import annotations

from leye.office.registry.models import Version
from leye.office.registry.registering import card_of_version
from leye.trust.registry.papers import paper


def paper_hash(version: Version, kind: str) -> str:
    """64 hex digits of one paper. kind: of `leye.trust.registry.papers.KINDS`."""
    return paper(kind, card_of_version(version), version=version.version, identity=version.version_hash).sha256()
