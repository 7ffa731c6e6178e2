"""Read the area `databases`. Pure."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.databases import (
    read_identities,
    read_mysql,
    read_postgresql,
    read_shares,
    read_stores,
    read_volumes,
)

READERS: dict[str, Reader] = {
    **read_mysql.READERS,
    **read_postgresql.READERS,
    **read_stores.READERS,
    **read_shares.READERS,
    **read_volumes.READERS,
    **read_identities.READERS,
}
