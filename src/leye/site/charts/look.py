"""The look of every chart: fonts, sizes for normal and large type, colours with dashes, and months as Chinese write them."""

from __future__ import annotations

from typing import Any

FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'
INK, QUIET, ACTION, RED, LINE = "#17324d", "#4a5b6c", "#1d5fa8", "#b3201f", "#d5dde5"
_JANUARY = "timeFormat(datum.value,'%m')=='01'"
MONTHS_ZH = f"{_JANUARY} ? timeFormat(datum.value,'%Y年')+'1月' : +timeFormat(datum.value,'%m')+'月'"
MONTHS_EN = f"{_JANUARY} ? timeFormat(datum.value,'%b %Y') : timeFormat(datum.value,'%b')"


def size(elder: bool) -> int:
    """Text size in a chart: large type does not reach into it through the page's styles."""
    return 20 if elder else 14


def month_axis(lang: str, elder: bool, months: int) -> Any:
    """Axis of months whose ticks keep January: every third month up to two years, else every half year or whole years."""
    import altair as alt

    step = 3 if months <= 24 else 6 if months <= 60 else 12 * max(1, months // 120)
    step = min(step * 2, 12) if elder and step < 12 else step
    return alt.Axis(
        title=None,
        labelExpr=MONTHS_EN if lang == "en" else MONTHS_ZH,
        tickCount={"interval": "month", "step": step} if step < 12 else {"interval": "year", "step": step // 12},  # type: ignore[arg-type]
        grid=False,
        labelOverlap=True,
    )


def dressed(chart: Any, *, elder: bool, width: int | str = 640, height: int = 280) -> Any:
    """The chart with the house's look. `width="container"` for the page, a number for the server's picture."""
    text = size(elder)
    return (
        chart.properties(width=width, height=round(height * (1.2 if elder else 1)), autosize={"type": "fit-x", "contains": "padding"})
        .configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=text,
            titleFontSize=text,
            labelColor=QUIET,
            titleColor=QUIET,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=QUIET,
            tickColor=QUIET,
        )
        .configure_axisY(titleAngle=0, titleAlign="left", titleAnchor="start", titleX=0, titleY=-16, tickCount=4 if elder else 6)
    )
