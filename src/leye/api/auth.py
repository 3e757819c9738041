"""Who may call: the browser's session, with the CSRF token on writes; every operation names its permission."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from leye.office.accounts.models import User
from leye.office.permissions import PERMISSIONS, require


class Needs(APIKeyCookie):
    """Session login and a permission of the table. Strangers get 401, the wrong role 403, both before anything is validated."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: str) -> None:
        if permission not in PERMISSIONS:
            raise KeyError(f"{permission} is not in the table of permissions")
        self.permission = permission
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The session's user; None for strangers. Raises NotAllowed."""
        if not request.user.is_authenticated:
            return None
        require(request.user, self.permission)
        return request.user


def nobody(request: HttpRequest) -> None:
    """The default of the whole API: an operation that names no permission answers nobody."""
    return None
