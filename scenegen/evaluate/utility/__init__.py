"""Trains models on synthetic and real pictures and tests them on real ones."""
