"""Every reader of the area `files`."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.files import accounts, boot, bounded, disks, keys, mounts, walk

READERS: dict[str, Reader] = {
    **accounts.READERS,
    **walk.READERS,
    **keys.READERS,
    **boot.READERS,
    **mounts.READERS,
    **bounded.READERS,
    **disks.READERS,
}
