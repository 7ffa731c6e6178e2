"""Facts about owners and modes of files, file systems and disks."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_ENDED = "an incomplete walk that found none tells nothing"

FACTS: tuple[FactSpec, ...] = (
    FactSpec(
        "host.file_accounts_loose",
        FactType.STRINGS,
        "passwd, group, shadow, gshadow and their copies with a looser mode or another owner than they may"
        " have, each with mode and owner",
    ),
    FactSpec(
        "host.file_world_writable",
        FactType.STRINGS,
        f"files, and directories without sticky bit, that everybody may write to; the first 200; {_ENDED}",
    ),
    FactSpec("host.file_world_writable_count", FactType.INT, "how many they are"),
    FactSpec(
        "host.file_unowned",
        FactType.STRINGS,
        f"files whose account or group the host does not know, with its number; the first 200; {_ENDED}",
    ),
    FactSpec("host.file_unowned_count", FactType.INT, "how many they are"),
    FactSpec("host.file_privileged", FactType.STRINGS, "paths of all SUID and SGID files, sorted"),
    FactSpec(
        "host.file_systems_unwalked",
        FactType.STRINGS,
        "mounted file systems that the walk left out: of other machines, of containers, of unknown type",
    ),
    FactSpec("host.file_keys", FactType.INT, "private keys found by name and place; none is opened"),
    FactSpec(
        "host.file_keys_open",
        FactType.STRINGS,
        "private keys that others than root, their owner and a group of a service may read or change",
    ),
    FactSpec("host.boot_password", FactType.BOOL, "GRUB asks for a password before its entries are changed"),
    FactSpec(
        "host.boot_files_loose",
        FactType.STRINGS,
        "configuration of GRUB that others than root may read or change",
    ),
    FactSpec(
        "host.mount_temporary_loose",
        FactType.STRINGS,
        "where nodev, nosuid or noexec is not in effect: of /tmp, /var/tmp and /dev/shm",
    ),
    FactSpec("host.mount_logs_separate", FactType.BOOL, "/var/log lies in another file system than /"),
    FactSpec(
        "host.mount_logs_unbounded",
        FactType.STRINGS,
        "logs that logrotate rotates by age alone, so that no size bounds them",
    ),
    FactSpec(
        "host.disk_fill", FactType.STRINGS, "the fullest file systems on disks, with space and inodes used"
    ),
    FactSpec("host.disk_space_percent", FactType.INT, "space used in the fullest of them, percent"),
    FactSpec("host.disk_inodes_percent", FactType.INT, "inodes used in the one with most, percent"),
    FactSpec(
        "host.disk_portable",
        FactType.STRINGS,
        "disks that may leave the room: removable, on USB, or mounted for backups alone",
    ),
    FactSpec(
        "host.disk_portable_plain", FactType.STRINGS, "parts of these disks that hold data without encryption"
    ),
)
