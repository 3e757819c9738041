"""What the environment says, read once and checked, before Django knows anything. The list of names is `SETTINGS`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leye.kernel.errors import BadInput

SETTINGS = {
    "LEYE_DATA": "数据文件夹，默认 ./data",
    "LEYE_DATABASE_URL": "办公数据库，默认数据文件夹里的 leye.sqlite3；也可以是 postgres://用户:口令@主机:端口/库名",
    "LEYE_MODE": "demo（默认）或 production",
    "LEYE_SECRET_KEY": "签名密钥，production 必填，至少 50 个字符",
    "LEYE_KEYS": "密钥文件夹，默认数据文件夹里的 keys/",
    "LEYE_ALLOWED_HOSTS": "允许的主机名，用逗号隔开，production 必填",
    "LEYE_NOW": "固定的“现在”，只用于演示和测试",
    "LEYE_SHARED": "开发用的真实数据所在文件夹",
    "LEYE_EVENTS_URL": "推送另开地址时写在这里，默认同一地址的 /events",
    "LEYE_BULLETIN_WEEKDAY": "夜间运行在城市的“今天”是星期几时写周报草案，1（周一）到 7（周日），默认 7；写 0 表示不写",
    "CHROMIUM": "浏览器程序，默认 /usr/bin/chromium，用来出 PDF",
}
"""Every setting and what it is for; docs/reference/settings.md lists the same, a test compares."""

DEMO_KEY = "demo-key-not-secret-" + "0" * 40
SHORTEST_KEY = 50  # Django's own check security.W009 asks for 50 characters
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of this process. `allowed_hosts` is never empty; `secret_key` is the demo's only in demo mode."""

    data: Path
    database_url: str
    mode: str
    secret_key: str
    keys: Path
    allowed_hosts: tuple[str, ...]
    events_url: str
    chromium: Path
    bulletin_weekday: int

    @property
    def is_production(self) -> bool:
        """Whether real people's data may be in here."""
        return self.mode == "production"


def read_environment(env: Mapping[str, str] = os.environ) -> Environment:
    """Read and check. Raises BadInput (E_SETTING, E_PRODUCTION) with what to write instead."""
    mode = env.get("LEYE_MODE") or "demo"
    if mode not in {"demo", "production"}:
        raise BadInput(
            f"LEYE_MODE 写的是“{mode}”", en=f"LEYE_MODE={mode!r}", remedy_zh="写 demo 或 production", remedy_en="demo or production", code="E_SETTING"
        )
    data = Path(env.get("LEYE_DATA") or "data").absolute()
    keys = Path(env.get("LEYE_KEYS") or data / "keys").absolute()
    hosts = tuple(h.strip() for h in env.get("LEYE_ALLOWED_HOSTS", "").split(",") if h.strip())
    found = Environment(
        data=data,
        database_url=env.get("LEYE_DATABASE_URL", ""),
        mode=mode,
        secret_key=env.get("LEYE_SECRET_KEY", "") or ("" if mode == "production" else _demo_key(keys)),
        keys=keys,
        allowed_hosts=hosts or (() if mode == "production" else LOCAL_HOSTS),
        events_url=env.get("LEYE_EVENTS_URL") or "/events",
        chromium=Path(env.get("CHROMIUM") or "/usr/bin/chromium"),
        bulletin_weekday=_weekday(env.get("LEYE_BULLETIN_WEEKDAY") or "7"),
    )
    if found.is_production:
        refuse_demo_settings(found, env)
    return found


def refuse_demo_settings(found: Environment, env: Mapping[str, str]) -> None:
    """Raise BadInput (E_PRODUCTION) for what may not stand in front of real people: demo keys, open hosts, a stopped clock."""
    if found.secret_key.startswith("demo-") or len(found.secret_key) < SHORTEST_KEY:
        raise _refusal(
            "LEYE_SECRET_KEY 没有写、太短，或者是演示用的", f"写一个至少 {SHORTEST_KEY} 个字符的随机串，不要放进代码仓库",
            en="LEYE_SECRET_KEY is absent, short, or the demo's", remedy_en=f"set a random text of at least {SHORTEST_KEY} characters",
        )  # fmt: skip
    if not found.allowed_hosts or any("*" in host or host.startswith(".") for host in found.allowed_hosts):
        raise _refusal(
            "LEYE_ALLOWED_HOSTS 没有写，或者写了通配符", "把对外的主机名一个一个写出来，用逗号隔开",
            en="LEYE_ALLOWED_HOSTS is absent or holds a wildcard", remedy_en="write each public host name, apart by commas",
        )  # fmt: skip
    if env.get("LEYE_NOW"):
        raise _refusal("LEYE_NOW 把时间固定住了", "去掉 LEYE_NOW", en="LEYE_NOW stops the clock", remedy_en="unset LEYE_NOW")


def _refusal(zh: str, remedy_zh: str, *, en: str, remedy_en: str) -> BadInput:
    return BadInput(
        f"正式环境不能这样启动：{zh}",
        en=f"refusing to start in production: {en}",
        remedy_zh=remedy_zh,
        remedy_en=remedy_en,
        code="E_PRODUCTION",
    )


def _weekday(text: str) -> int:
    if text not in tuple("01234567"):
        raise BadInput(
            f"LEYE_BULLETIN_WEEKDAY 写的是“{text}”", en=f"LEYE_BULLETIN_WEEKDAY={text!r}", remedy_zh="写 1（周一）到 7（周日），不要就写 0",
            remedy_en="1 (Monday) to 7 (Sunday), 0 for never", code="E_SETTING",
        )  # fmt: skip
    return int(text)


def _demo_key(keys: Path) -> str:
    """The key that `prepare` drew for this folder; before that, a constant that production refuses."""
    file = keys / "django.key"
    return file.read_text(encoding="ascii").strip() if file.exists() else DEMO_KEY
