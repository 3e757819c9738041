"""Who is asking, and the token that writes must carry."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import answers
from leye.office.permissions import PERMISSIONS

router = Router(tags=["session"])


class Session(Schema):
    """The signed-in person. Send `csrf_token` as X-CSRFToken with writes."""

    username: str
    display_name: str
    role: str
    region: str
    desk: str
    mandate: str
    permissions: list[str]
    csrf_token: str


@router.get("/session", response=answers(Session), auth=Needs("account.self"), summary="我是谁 · who am I")
def session(request: HttpRequest) -> dict[str, object]:
    """The account behind the session, what it may do, and its CSRF token."""
    user = request.user
    named = {name: getattr(user, name) for name in ("username", "display_name", "role", "region", "desk", "mandate")}
    return named | {"permissions": sorted(p for p, roles in PERMISSIONS.items() if user.role in roles), "csrf_token": get_token(request)}
