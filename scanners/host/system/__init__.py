"""Which system a host runs: distribution, kernel, name, software."""
