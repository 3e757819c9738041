"""The part of the night that is about where, who and which way: cube, flows, directions, key groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from leye.forecast.direction import direction
from leye.lake import Run
from leye.office.nightly.cube_step import cube_step
from leye.office.nightly.flows_step import flows_step
from leye.office.nightly.groups_step import groups_step
from leye.office.nightly.impact_step import impact_step
from leye.office.nightly.panel_step import Panels
from leye.office.nightly.skills_step import skills_step

DIRECTION_HORIZON = 3  # periods; the figure that the benchmark reports


def write_directions(run: Run, panels: Panels) -> None:
    """Table `direction`: the chance of a fall and of a turn of every series."""
    run.write("direction", direction(panels.panel, panels.tags, horizon=DIRECTION_HORIZON).table, step="direction", inputs=("panel", "panel_keys"))


def write_monitoring(
    data: Path, run: Run, on: date, panels: Panels, watched: tuple[pl.DataFrame, pl.DataFrame], begin: Callable[[str], None]
) -> None:
    """Tables of the cube, of flows, key groups and demand for skills, as far as the folder has what they are made of.

    watched: lamps and notices of the night's watch. Comes after the marks, whose counts it takes.
    """
    marks = run.scan("marks").collect() if "marks" in run.tables else None
    begin("监测立方体")
    cube = cube_step(data, on, panels, *watched)
    if cube is not None:
        run.write("cube", cube.cells, step="cube", inputs=("panel", "panel_keys", "lamps"))
        run.write("cube_counts", cube.counts, step="cube", inputs=("panel", "panel_keys"))
        impact = impact_step(data, on, cube)
        if impact is not None:
            run.write("impact_mix", impact.mix, step="impact", inputs=("cube",))
            run.write("impact_ads", impact.ads, step="impact", inputs=())
    begin("人员流动")
    flows = flows_step(data, on)
    if flows is not None:
        run.write("flows", flows.flows, step="flows", inputs=())
        run.write("flow_forecast", flows.forecast, step="flows", inputs=("flows",))
    begin("重点群体")
    groups = groups_step(data, on, marks)
    if groups is not None:
        run.write("key_groups", groups, step="groups", inputs=())
    begin("技能需求")
    demand = skills_step(data, on, panels, run.scan("forecast").collect())
    if demand is not None:
        run.write("skill_demand", demand.demand, step="skills", inputs=("panel", "panel_keys", "forecast"))
        run.write("skill_panel", demand.panel, step="skills", inputs=("panel", "panel_keys"))
        run.write("skill_forecast", demand.ahead, step="skills", inputs=("skill_panel",))
        run.write("skill_radar", demand.radar, step="skills", inputs=())
