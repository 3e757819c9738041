"""Discretionary programmes: what they change, who should have a place, what the money and each floor cost; trees that a human may sign."""
