"""What forecasts came to: their record, and whether their errors have drifted."""
