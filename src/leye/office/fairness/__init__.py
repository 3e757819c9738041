"""The quarterly fairness report (季度公平性报告): composed from a platform's orders, kept as files, sealed in the log."""
