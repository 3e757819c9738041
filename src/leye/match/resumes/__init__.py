"""Résumés: documents to text, text to entities and slots, each with the place where it stands."""
