"""Searches a scenario for an agent's failures: `search` and what it is made of."""
