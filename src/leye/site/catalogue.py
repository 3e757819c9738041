"""Messages of pages: extracted from templates and views, so that the English catalogue can be compared with what is really asked for."""

from __future__ import annotations

from pathlib import Path

SITE = Path(__file__).parent
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "encoding": "utf-8"}}


def extracted() -> dict[str, list[str]]:
    """Message id to the places that use it, `file:line`."""
    from babel.messages.extract import extract_from_dir

    found: dict[str, list[str]] = {}
    for file, line, message, _comments, _context in extract_from_dir(str(SITE), METHODS, _OPTIONS):
        name = message[0] if isinstance(message, tuple) else message
        found.setdefault(name, []).append(f"{file}:{line}")
    return found


def translations(language: str = "en") -> dict[str, str]:
    """Message id to its translation in the catalogue's source."""
    from babel.messages.pofile import read_po

    with (SITE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as po:
        catalogue = read_po(po, locale=language)
    texts = {}
    for message in catalogue:
        if message.id:
            name, text = (message.id[0], message.string[0]) if isinstance(message.id, tuple) else (message.id, message.string)
            texts[str(name)] = str(text or "")
    return texts
