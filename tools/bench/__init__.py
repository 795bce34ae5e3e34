"""Benchmarks: CPU seconds and ratios within one run, medians, printed as a table and JSON."""
