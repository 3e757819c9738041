"""Who signs in: users with one role, the login and its slow-down, and the demo's nine accounts."""
