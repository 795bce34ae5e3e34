"""Formulas on arrays: distances between feature clouds, scores of predictions."""
