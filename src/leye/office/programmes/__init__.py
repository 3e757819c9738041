"""Plans of discretionary programmes: computed, signed by a second person, their outcomes for persons sealed one by one."""
