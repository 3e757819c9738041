"""Reforms (政策模拟): simulated on the residents, saved as scenarios, signed by a second person, withdrawn."""
