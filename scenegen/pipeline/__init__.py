"""Composes the stages: generate, verify, replay, preview, and the processes that work."""
