"""Draw zones, servers, OPD and services as an audit found them."""
