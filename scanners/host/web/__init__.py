"""Web servers, sites and applications as they are configured."""
