"""A bureau's own rules: drafts, signatures, publication; and the packs in force here."""

from leye.office.rules.active import active_packs

__all__ = ["active_packs"]
