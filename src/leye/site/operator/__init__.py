"""Pages of the platform operator."""
