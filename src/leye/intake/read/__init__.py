"""Readers: bytes of a file to sheets of raw text with the row numbers that a person sees. Nothing is interpreted here."""

from leye.intake.read.sheet import Merge, Sheet
from leye.intake.read.source_file import SourceFile, open_source, read_sheets

__all__ = ["Merge", "Sheet", "SourceFile", "open_source", "read_sheets"]
