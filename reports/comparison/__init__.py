"""Two audits compared: numbers then and now, why they moved, and what cannot be compared."""
