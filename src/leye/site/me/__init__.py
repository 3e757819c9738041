"""Pages of the persons themselves: what was decided about them, why, and what they can do."""
