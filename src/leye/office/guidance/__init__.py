"""Guidance: moves between occupations, courses and the radar of skills, put together from the rooms that know a part each."""
