"""What is made at install and not committed: the chart bundle, the compiled catalogues, the collected static files.

python -m leye.site.build [--if-stale]
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

SITE = Path(__file__).parent
BUNDLE = "vega.mjs"


def build(*, if_stale: bool = False) -> bool:
    """Make everything; with `if_stale` only when a source is newer than the last build. Returns whether anything was made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leye.office.settings")
    stamp = fingerprint()
    folder = _build_dir()
    mark = folder / "stamp.txt"
    if (
        if_stale
        and mark.exists()
        and mark.read_text(encoding="ascii") == stamp
        and (folder / "static" / "staticfiles.json").exists()
        and _is_compiled()
    ):
        return False
    make_bundle(folder / "generated")
    compile_catalogues()
    collect()
    mark.write_text(stamp, encoding="ascii")
    return True


def make_bundle(folder: Path) -> Path:
    """The Vega bundle as one ES module that exports `embed`; the same bytes each time, about 0.9 MB."""
    import vl_convert

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / BUNDLE
    file.write_text(vl_convert.javascript_bundle("export const embed = vegaEmbed;"), encoding="utf-8")
    return file


def compile_catalogues() -> list[Path]:
    """Every .po to its .mo beside it, without a gettext binary."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = []
    for source in sorted((SITE / "locale").glob("*/LC_MESSAGES/django.po")):
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parts[-3])
        target = source.with_suffix(".mo")
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        with beside.open("wb") as mo:
            write_mo(mo, catalogue)
        beside.replace(target)
        made.append(target)
    return made


def collect() -> None:
    """All static files under one root, hashed and compressed. In a process of its own: settings look at the disk when they load."""
    import subprocess

    code = (
        "import django; django.setup();"
        "from django.test.utils import override_settings;"
        "from django.conf import settings;"
        "from django.core.management import call_command;"
        "s = {**settings.STORAGES, 'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}};"
        "c = override_settings(STORAGES=s); c.enable(); call_command('collectstatic', '--noinput', '--clear', verbosity=0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": "leye.office.settings"})


def fingerprint() -> str:
    """Sixteen hex digits over all that the build reads: static sources, catalogues, and the versions of what makes or brings files."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    for file in sorted([*(SITE / "static").rglob("*"), *(SITE / "locale").rglob("*.po")]):
        if file.is_file():
            digest.update(str(file.relative_to(SITE)).encode() + file.read_bytes())
    for name in ("vl-convert-python", "django-htmx", "django-ninja", "whitenoise"):
        digest.update(f"{name}={version(name)}".encode())
    return digest.hexdigest()[:16]


def _build_dir() -> Path:
    from leye.office import settings

    return settings.BUILD_DIR


def _is_compiled() -> bool:
    return all(po.with_suffix(".mo").exists() for po in (SITE / "locale").glob("*/LC_MESSAGES/django.po"))


if __name__ == "__main__":
    was_made = build(if_stale="--if-stale" in sys.argv)
    sys.stderr.write("· 页面资源做好了 (page assets built)\n" if was_made else "· 页面资源是新的 (page assets are current)\n")
