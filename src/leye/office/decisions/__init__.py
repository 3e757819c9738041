"""The gate: the only way to an algorithmic outcome about somebody, its evidence, and the leaves of the log."""
