"""Matching room: occupations, adverts, résumés, profiles; two-sided explained ranking, allocation, transitions."""
