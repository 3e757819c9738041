"""Impact room: exposure of occupations to AI as a range over published sources, its index by region and group, review of projects."""
