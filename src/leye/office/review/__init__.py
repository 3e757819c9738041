"""Breakers and dual track: when people decide instead of, or beside, a machine."""
