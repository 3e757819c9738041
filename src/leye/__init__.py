"""Leye 乐业: an open public-employment platform. The rooms are described in docs/adr/0001-one-house.md."""

__version__ = "0.5.0"
