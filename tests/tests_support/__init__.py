"""Builders that several kinds of tests share; imported as `tests_support`."""
