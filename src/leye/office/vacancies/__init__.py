"""Vacancies that employers post here: versions, checks before sending, states, expiry; and every open job as one table."""
