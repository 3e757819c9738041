"""Fairness figures of decisions: rates, ratios, intervals, intersections, swaps."""
