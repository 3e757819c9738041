"""Public job search over everything that stands open, and searches that people with an account keep."""
