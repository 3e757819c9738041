"""Adverts: what a job ad asks and offers, with the place of every reading; its columns; wording the law forbids; signs of fraud; near copies."""

from leye.match.adverts.parsing import parse_advert

__all__ = ["parse_advert"]
