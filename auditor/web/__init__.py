"""Dashboard and API: nothing yet. The import contracts keep its place."""
