"""What this installation is and lacks: settings in force, versions, storage, browser, fonts. Creates nothing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from leye.kernel.clock import clock_from_environment
from leye.kernel.errors import LeyeError
from leye.office.database_url import database_from_url
from leye.office.environment import SETTINGS, Environment, read_environment

PACKAGES = (
    "leye",
    "django",
    "django-ninja",
    "granian",
    "huey",
    "polars",
    "duckdb",
    "pyarrow",
    "numpy",
    "statsforecast",
    "altair",
    "vl-convert-python",
    "psycopg",
)
FONTS = Path("/usr/share/fonts")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. state: ok, later (made at the first `leye up`), missing (an optional part does without), wrong (no start like this)."""

    name: str
    state: str
    text_zh: str
    text_en: str


def check_up() -> dict[str, object]:
    """Settings with their source, versions, findings, and whether Leye can start like this. What is wrong is a finding, not an error: the
    doctor has to speak exactly then."""
    wrong = wrong_settings()
    environment = read_environment(os.environ if not wrong else _readable(os.environ))
    findings = [*wrong, *storage(environment), _static(has_settings=not wrong), browser(environment), fonts()]
    return {
        "ok": not any(f.state == "wrong" for f in findings),
        "mode": os.environ.get("LEYE_MODE") or "demo",
        "settings": settings_in_force(environment),
        "versions": versions(),
        "findings": [asdict(f) for f in findings],
    }


def wrong_settings() -> list[Finding]:
    """Every setting that keeps Leye from starting, each with what to write instead."""
    url = os.environ.get("LEYE_DATABASE_URL", "")
    checks: tuple[Callable[[], object], ...] = (read_environment, clock_from_environment, lambda: database_from_url(url, data=Path("data")))
    found = []
    for check in checks:
        try:
            check()
        except LeyeError as error:
            found.append(Finding("setting", "wrong", f"{error.zh}：{error.remedy_zh}", f"{error.en}: {error.remedy_en}"))
    return found


def _readable(env: Mapping[str, str]) -> dict[str, str]:
    """The same folders and programs as a demo would see them, for looking at the rest."""
    return {name: value for name, value in env.items() if name in ("LEYE_DATA", "LEYE_KEYS", "LEYE_EVENTS_URL", "CHROMIUM")}


def settings_in_force(environment: Environment) -> list[dict[str, str]]:
    """Every setting with the value in force and whether it was set; secrets are named, never shown."""
    effective = {
        "LEYE_DATA": str(environment.data),
        "LEYE_DATABASE_URL": _without_password(environment.database_url) or f"sqlite:///{environment.data / 'leye.sqlite3'}",
        "LEYE_MODE": environment.mode,
        "LEYE_SECRET_KEY": "（不显示）",
        "LEYE_KEYS": str(environment.keys),
        "LEYE_ALLOWED_HOSTS": ",".join(environment.allowed_hosts),
        "LEYE_NOW": os.environ.get("LEYE_NOW", ""),
        "LEYE_SHARED": os.environ.get("LEYE_SHARED", ""),
        "LEYE_EVENTS_URL": environment.events_url,
        "LEYE_BULLETIN_WEEKDAY": str(environment.bulletin_weekday),
        "CHROMIUM": str(environment.chromium),
    }
    return [{"name": n, "value": effective[n], "set": "yes" if os.environ.get(n) else "no", "about": zh} for n, zh in SETTINGS.items()]


def versions() -> dict[str, str]:
    """Python, system, and the packages that matter; absent ones are named so."""
    found = {"python": sys.version.split()[0], "system": platform.platform(terse=True)}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def storage(environment: Environment) -> list[Finding]:
    """Data folder, database, published snapshot, room on the disk."""
    data, published = environment.data, environment.data / "published.json"
    there = next(p for p in (data, *data.parents) if p.exists())
    free_gb = shutil.disk_usage(there).free / 1e9
    return [
        Finding("data", "ok", f"数据文件夹 {data}", f"data folder {data}")
        if data.is_dir()
        else Finding("data", "later", f"没有 {data}，leye up 会建好", f"no {data} yet; leye up makes it"),
        _database(environment),
        Finding("snapshot", "ok", f"已发布快照 {published}", f"published snapshot {published}")
        if published.exists()
        else Finding("snapshot", "later", "还没有快照，leye up 会生成演示城市并运行一次", "no snapshot yet; leye up makes a demo city and one"),
        Finding("disk", "ok" if free_gb > 1 else "missing", f"磁盘剩余 {free_gb:.1f} GB", f"{free_gb:.1f} GB free"),
    ]


def _database(environment: Environment) -> Finding:
    if environment.database_url.startswith("postgres"):
        return _postgres(environment.database_url)
    file = environment.data / "leye.sqlite3"
    if file.exists() or environment.database_url:
        return Finding("database", "ok", f"SQLite {file.name}", f"SQLite {file.name}")
    return Finding("database", "later", "还没有数据库，leye up 会建好（SQLite）", "no database yet; leye up makes it (SQLite)")


def _postgres(url: str) -> Finding:
    try:
        import psycopg

        with psycopg.connect(url, connect_timeout=3) as connection:
            found = str(connection.info.server_version)
    except ImportError:
        return Finding("database", "wrong", "没有装 psycopg：pip install 'leye[postgres]'", "psycopg is absent: pip install 'leye[postgres]'")
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        return Finding("database", "wrong", f"连不上 PostgreSQL：{said}", f"cannot reach PostgreSQL: {said}")
    return Finding("database", "ok", f"PostgreSQL {found}", f"PostgreSQL {found}")


def _static(*, has_settings: bool) -> Finding:
    if not has_settings:
        return Finding("static", "later", "设置改好以后再看页面资源", "page assets: look again once the settings stand")
    from leye.office import settings

    if settings.IS_STATIC_BUILT:
        return Finding("static", "ok", f"页面资源在 {settings.STATIC_ROOT}", f"page assets in {settings.STATIC_ROOT}")
    return Finding("static", "later", "页面资源还没做，leye up 会做", "page assets are not built yet; leye up builds them")


def browser(environment: Environment) -> Finding:
    """Chromium is only needed for PDF."""
    if os.access(environment.chromium, os.X_OK):
        return Finding("chromium", "ok", f"浏览器 {environment.chromium}，报告可以出 PDF", f"browser {environment.chromium}: reports as PDF")
    say = f"没有 {environment.chromium}：报告只有网页和 Word，没有 PDF（apt-get install chromium）"
    return Finding("chromium", "missing", say, f"no {environment.chromium}: reports as HTML and Word only (apt-get install chromium)")


def fonts() -> Finding:
    """A Chinese font is only needed for PNG and PDF."""
    found = next(iter(sorted(FONTS.rglob("*CJK*"))), None) if FONTS.is_dir() else None
    if found is not None:
        return Finding("fonts", "ok", f"中文字体 {found.name}", f"Chinese font {found.name}")
    say = "没有中文字体：PDF 里的汉字会成方框（apt-get install fonts-noto-cjk）"
    return Finding("fonts", "missing", say, "no Chinese font: boxes in PDF (apt-get install fonts-noto-cjk)")


def _without_password(url: str) -> str:
    """The address with its password blotted out."""
    head, at, tail = url.rpartition("@")
    scheme, _, person = head.partition("://")
    return f"{scheme}://{person.partition(':')[0]}:…@{tail}" if at and ":" in person else url
