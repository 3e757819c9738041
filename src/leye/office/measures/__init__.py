"""政策储备: simulated and signed measures that a response plan keeps ready, and which of them a desk chose for an alert."""
