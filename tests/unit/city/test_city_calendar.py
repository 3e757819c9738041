"""The moving festival, the shapes of series and the parents of keys."""

from datetime import date

import numpy as np
import pytest

from leye.city.dice import stream
from leye.city.panel import Key, Panel
from leye.city.series import Shape, anchored, autoregression, calendar_to, paths

DIPS = [
    (date(2025, 2, 28), 13 / 31, 6 / 28, "new year on 29 January 2025: quiet from the 19th to 6 February"),
    (date(2026, 2, 28), 0.0, 19 / 28, "new year on 17 February 2026: quiet from the 7th to the 25th"),
]


@pytest.mark.parametrize(("on", "january", "february", "why"), DIPS, ids=[d[-1] for d in DIPS])
def test_the_dip_follows_the_lunar_year(on, january, february, why):
    calendar = calendar_to(on, 2)
    assert calendar.dip.tolist() == pytest.approx([january, february])


def test_the_calendar_ends_with_the_month_of_the_day():
    calendar = calendar_to(date(2025, 8, 31), 60)
    assert [str(calendar.months[0]), str(calendar.months[-1]), calendar.size] == ["2020-09", "2025-08", 60]


def test_a_path_without_noise_is_its_trend():
    calendar = calendar_to(date(2025, 8, 31), 25)
    logs = paths(stream(1, "t"), calendar, [Shape(trend=0.12, season=0.0, noise=0.0)], np.zeros(25))
    assert logs[0] == pytest.approx(np.arange(-24, 1) * 0.01)


def test_a_festival_pulls_its_month_down():
    calendar = calendar_to(date(2025, 8, 31), 12)
    logs = paths(stream(1, "t"), calendar, [Shape(trend=0.0, season=0.0, dip=1.0, noise=0.0)], np.zeros(12))
    assert logs[0][4] == pytest.approx(-13 / 31)  # January 2025


def test_anchored_series_end_in_the_count_and_are_whole():
    logs = np.log(np.array([[0.5, 2.0, 1.0], [1.0, 1.0, 1.0]]))
    assert anchored(np.array([7, 0]), logs).tolist() == [[4, 14, 7], [0, 0, 0]]


def test_noise_has_unit_spread_and_its_memory():
    noise = autoregression(stream(4, "n"), 4000, np.array([0.6]))[0]
    assert noise.std() == pytest.approx(1.0, abs=0.08)
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(0.6, abs=0.05)


PARENTS = [
    (Key("postings", "440605", "H"), "postings/440600/H/all/all", "a district of an industry"),
    (Key("postings", "440600", "H"), "postings/440600/all/all/all", "an industry of the city"),
    (Key("registered", "440604", grp="graduates"), "registered/440600/all/all/graduates", "a district of a group"),
    (Key("claims", "440604"), "claims/440600/all/all/all", "a district"),
    (Key("postings_occ", "440600", occupation="4030000"), "postings_occ/440600/all/4000000/all", "a middle group"),
    (Key("postings_occ", "440600", occupation="4000000"), "postings_occ/440600/all/all/all", "a major group"),
    (Key("jobless_rate", "440600"), None, "a root"),
]


@pytest.mark.parametrize(("key", "parent", "why"), PARENTS, ids=[p[-1] for p in PARENTS])
def test_parents(key, parent, why):
    above = key.parent()
    assert (above.unique_id if above else None) == parent


def test_a_panel_carries_leaves_to_the_root():
    panel = Panel(calendar_to(date(2025, 8, 31), 2))
    panel.add_leaves([Key("claims", "440604"), Key("claims", "440605")], np.array([[1, 2], [10, 20]]))
    indicators, keys = panel.frames()
    root = indicators.filter(indicators["unique_id"] == "claims/440600/all/all/all")
    assert root["y"].to_list() == [11.0, 22.0]
    assert keys.height == 3
