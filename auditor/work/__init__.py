"""Scheduler and distributed workers: nothing yet. The import contracts keep its place."""
