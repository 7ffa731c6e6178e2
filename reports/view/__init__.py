"""Views: what a page shows, worked out and worded, with every number already formatted."""
