"""The wall screen of a command centre, the feed for other systems, and metrics for Prometheus."""
