"""Judges a data set against real ones: fidelity, diversity, utility, gaps, privacy, bias."""
