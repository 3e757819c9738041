"""The navigation: few pages in one line, many by groups, the open page marked, nothing twice, and no script needed."""

from __future__ import annotations

from typing import Any

import pytest

from leye.office.accounts.roles import Role
from leye.office.permissions import PERMISSIONS
from leye.site.page import FEW, GROUPS, NAV
from leye.site.phrases import doors


def menus_of(page: Any) -> list[Any]:
    return page.select("nav.nav > ul > li")


@pytest.mark.parametrize("role", list(Role))
def test_at_most_seven_entries_at_the_top_and_every_page_once(role: str, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in(role).get("/"))
    links = [a["href"] for a in page.select("nav.nav a")]
    mine = [name for _group, permission, name, _words in NAV if role in PERMISSIONS[permission]]
    assert len(menus_of(page)) <= FEW and len(links) == len(set(links)) == len(mine)
    assert bool(page.select("nav.nav details")) == (len(mine) > FEW)
    assert all(1 < len(menu.select("a")) <= FEW for menu in page.select("nav.nav details"))


def test_the_open_page_and_its_group_are_marked(signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/groups/riders"))
    assert [a["href"] for a in page.select("nav.nav [aria-current=page]")] == ["/groups"]
    assert [s.text.split()[0] for s in page.select("nav.nav summary.is-here")] == ["看清变化"]


def test_an_address_marks_the_page_it_lies_below_and_no_other(signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get("/data-requests"))
    assert [a["href"] for a in page.select("nav.nav [aria-current=page]")] == ["/data-requests"], "and not /data"


def test_groups_are_plain_details_that_close_one_another(signed_in: Any, soup: Any) -> None:
    menus = soup(signed_in("analyst").get("/")).select("nav.nav details")
    assert len(menus) == 7 and {m["name"] for m in menus} == {"nav"} and not any(m.has_attr("open") for m in menus)


def test_every_page_has_a_group_that_exists_and_a_door() -> None:
    assert {group for group, *_ in NAV} <= set(GROUPS)
    assert {name for _g, _p, name, _w in NAV} <= set(doors())
