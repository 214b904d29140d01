"""Sums up columns of comma-separated tables by group."""

__version__ = "1.6.0"
