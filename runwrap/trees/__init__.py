"""Ending trees of processes that others started."""
