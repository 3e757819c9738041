"""What happened: the audit, which nobody can change, and the events that browser, jobs and lake read by cursor."""
