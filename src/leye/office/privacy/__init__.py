"""Field keys, purpose-bound reads of personal files, and the budget of noisy releases."""
