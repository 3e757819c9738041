"""A small city whose marks put seventy people on the list of a campaign, and that campaign at every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
START = date(2025, 9, 1)
POLICY = "ss_flex_hard"


@pytest.fixture
def promoted_city(settings: Any, own_data_folder: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fourteen grids of six people, of whom five may be entitled and one has it already; one has no phone."""
    folder = Path(settings.LEYE_DATA) / "city"
    folder.mkdir(parents=True)
    rows = [
        {"person_id": f"P{g * 10 + i:08d}", "grid_id": f"G{g:08d}", "sex": "FM"[i % 2], "birth": date(1970 + i * 6, 3, 1), "name": f"王{g}{i}",
         "phone": None if (g, i) == (0, 0) else f"1540000{g:02d}{i:02d}", "region": "CN-440605"}
        for g in range(14) for i in range(6)
    ]  # fmt: skip
    pl.DataFrame(rows).write_parquet(folder / "people.parquet")
    marks = [
        (r["person_id"], POLICY, "yes" if r["person_id"][-1] in "012" else "unknown", ["hard_to_employ"] if r["person_id"][-1] in "345" else [])
        for r in rows
    ]
    marks += [("P00000999", POLICY, "unknown", ["a", "b"])]
    frames = {
        "marks": pl.DataFrame(
            marks, schema={"person_id": pl.String, "policy": pl.String, "verdict": pl.String, "missing": pl.List(pl.String)}, orient="row"
        ),
        "mark_held": pl.DataFrame(
            [(r["person_id"], POLICY, "drawn") for r in rows if r["person_id"].endswith("5")], schema=["person_id", "policy", "why"], orient="row"
        ),
    }

    class Published:
        run_id = "20250831T000000-aaaaaaaa"

        def frame(self, table: str) -> pl.DataFrame:
            return frames.get(table, pl.DataFrame())

    monkeypatch.setattr("leye.office.promotion.audience.published_snapshot", Published)
    return folder


@pytest.fixture
def drafted(promoted_city: Path, user_of: Any) -> Any:
    from leye.office.promotion.actions import draft_campaign

    return draft_campaign(POLICY, channels=["sms", "wechat", "poster"], on=date(2025, 8, 31), region="", acting_user=user_of("analyst"), at=AT)


@pytest.fixture
def signed(drafted: Any, user_of: Any) -> Any:
    from leye.office.promotion.actions import sign_campaign

    return sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("admin"), at=AT)


def wanted(**more: Any) -> Any:
    from leye.office.promotion.rollout import Wanted

    return Wanted(start=START, **more)


@pytest.fixture
def running(signed: Any, user_of: Any) -> Any:
    from leye.office.promotion.rollout import schedule_campaign

    return schedule_campaign(signed.pk, wanted(), acting_user=user_of("analyst"), at=AT)


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`clock(days)` moves the office's clock, for the pages of promotion and its API."""
    import importlib

    def move(days: int) -> None:
        for place in ("leye.site.analyst.promotion", "leye.site.analyst.promotion_steps", "leye.api.promotion"):
            monkeypatch.setattr(importlib.import_module(place), "now", lambda: later(days))

    move.at = later  # type: ignore[attr-defined]
    move(0)
    return move
