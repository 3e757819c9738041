"""The embedded institution of a data folder: database migrated, signing key drawn, demo accounts made, algorithm cards registered."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.office.accounts.demo import Login


def set_up(data: Path | None = None) -> None:
    """Point Django at a data folder (once a process) and load it. Draws the folder's demo key first, because settings read it."""
    if data is not None:
        os.environ["LEYE_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leye.office.settings")
    from leye.office.environment import read_environment

    environment = read_environment()
    if not environment.is_production:
        draw_key(environment.keys)
    import django

    django.setup()


def draw_key(folder: Path) -> None:
    """A random signing key of the web pages, mode 0600, once per folder."""
    from leye.office.key_files import key_text

    key_text(folder / "django.key", lambda: secrets.token_urlsafe(50))


def prepare(data: Path | None = None) -> list[Login]:
    """Set up, migrate, and in demo mode make the demo accounts; returns their logins (none in production)."""
    set_up(data)
    from django.conf import settings
    from django.core.management import call_command

    settings.LEYE_DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from leye.office.clock import now
    from leye.office.registry.shipped import install_cards

    if settings.LEYE_MODE == "production":
        refuse_demo_accounts()
        install_cards(now(), demo=False)
        return []
    from leye.office.accounts.demo import make_demo_accounts

    logins = make_demo_accounts()
    install_cards(now(), demo=True)  # signed by the demo's accounts, so after them
    return logins


def refuse_demo_accounts() -> None:
    """Raise BadInput (E_PRODUCTION) when a production database still holds active demo accounts."""
    from django.conf import settings

    from leye.office.accounts.models import User

    if settings.LEYE_MODE == "production" and User.objects.filter(is_demo=True, is_active=True).exists():
        raise BadInput(
            "正式环境不能这样启动：库里还有演示账号",
            en="refusing to start in production: demo accounts are active",
            remedy_zh="换一个没有做过演示的数据库",
            remedy_en="use a database that never held a demo",
            code="E_PRODUCTION",
        )
