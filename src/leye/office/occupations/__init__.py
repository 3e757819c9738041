"""Occupation codes in the office: corrections with their reasons, titles waiting for a person, candidates of new occupations."""
