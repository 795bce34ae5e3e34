"""OpenDRIVE: maps read from .xodr files and written to them."""
