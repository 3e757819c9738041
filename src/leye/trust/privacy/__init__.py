"""Field keys, anonymity checks and noisy releases."""
