"""One target for each reader of bytes from outside: any bytes give a result or a declared error."""
