"""Profiles of job seekers: résumés read and confirmed, versions, consent and visibility field by field."""
