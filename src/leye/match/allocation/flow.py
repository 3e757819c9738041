"""Flow mode: the largest sum of chances that both say yes, as a minimum-cost flow."""

from __future__ import annotations

from typing import Any

import numpy as np

from leye.kernel.errors import BadInput, CheckFailed
from leye.match.allocation.edges import Counts, Edges, Floats

SCALE = 10**9
"""Weights are rounded to whole billionths: the sum is then within edges × 0.5e-9 of the optimum, and costs stay far below 2**63."""


def best_sum(edges: Edges, weight: Floats) -> Counts:
    """Numbers of the edges of largest Σ weight, in order; nobody is placed by an edge without weight.

    weight: (edges,) 0 or more. Raises BadInput (E_EXTRA) where OR-tools is not installed.
    """
    cost = np.rint(weight * SCALE).astype(np.int64)
    used = np.flatnonzero(cost > 0)
    if not used.size:
        return np.empty(0, dtype=np.int64)
    n, m = len(edges.people), len(edges.jobs)
    source, sink = n + m, n + m + 1
    person, job = np.arange(n), n + np.arange(m)
    network: Any = _min_cost_flow().SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([edges.person[used], np.full(n, source), job, person]),
        np.concatenate([n + edges.job[used], person, np.full(m, sink), np.full(n, sink)]),
        np.concatenate([np.ones(used.size + n, dtype=np.int64), np.minimum(edges.capacity, n), np.ones(n, dtype=np.int64)]),
        np.concatenate([-cost[used], np.zeros(n + m + n, dtype=np.int64)]),
    )
    network.set_node_supply(source, n)
    network.set_node_supply(sink, -n)
    if (status := network.solve()) != network.OPTIMAL:
        raise CheckFailed(f"分配没有算出结果：{status}", en=f"the flow was not solved: {status}", code="E_FLOW")
    return np.asarray(used[network.flows(arcs[: used.size]) > 0])


def _min_cost_flow() -> Any:
    try:
        from ortools.graph.python import min_cost_flow
    except ModuleNotFoundError as error:
        raise BadInput(
            "没有安装 OR-tools，flow 和 balanced 两种方式用不了。",
            en="OR-tools is not installed, so modes flow and balanced cannot run.",
            remedy_zh="安装：pip install 'leye[allocation]'；或用 --mode stable",
            remedy_en="pip install 'leye[allocation]', or use --mode stable",
            code="E_EXTRA",
        ) from error
    return min_cost_flow
