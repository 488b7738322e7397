"""A process runner and timeout wrapper that leaves nothing running behind it."""

__version__ = "0.1.0"
