"""Cards of algorithms: schema, linter, states, papers."""
