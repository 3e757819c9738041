"""Work in the background. The table `JobRun` is the truth; the queue on SQLite only wakes the worker."""
