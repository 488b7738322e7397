"""Watching over a job that has been started, until nothing of it is left."""
