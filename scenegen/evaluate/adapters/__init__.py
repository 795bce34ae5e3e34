"""Readers of real data sets: one module a layout, all giving an `ImageSet`."""
