"""Nights that are disturbed at random moments, and have to end as undisturbed ones do."""
