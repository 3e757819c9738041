"""Unemployment risk of persons in the institution: sealed outcomes, help levels that can only add, overrides by people, opting out."""
