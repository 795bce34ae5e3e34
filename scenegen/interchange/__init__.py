"""Scenes and parameters in the formats of others."""
