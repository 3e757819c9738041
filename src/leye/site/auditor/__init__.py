"""Pages of auditors: replay, fairness, reads."""
