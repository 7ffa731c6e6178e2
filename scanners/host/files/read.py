"""Every reader of the area `files`."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.files import accounts, boot, disks, keys, mounts, rotation, walk

READERS: dict[str, Reader] = {
    **accounts.READERS,
    **walk.READERS,
    **keys.READERS,
    **boot.READERS,
    **mounts.READERS,
    **rotation.READERS,
    **disks.READERS,
}
