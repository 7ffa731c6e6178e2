"""What the area `files` runs as root: a walk over the local file systems, a search for a boot password."""

from __future__ import annotations

WALKED = (
    *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "jfs", "reiserfs", "f2fs", "bcachefs", "nilfs2"),
    *("overlay", "overlayfs", "aufs", "vfat", "tmpfs", "unknown"),
)
"""Types of file system that are walked: those that lie on the host itself; `unknown` is that of a chroot."""
PASSED_OVER = (
    *("/proc", "/sys", "/dev", "/run", "/snap", "/var/lib/docker", "/var/lib/containers"),
    *("/var/lib/containerd", "/var/lib/kubelet", "/var/lib/lxcfs", "/var/lib/lxd", "/var/lib/snapd/snap"),
)
"""What is no file of this host, or a container with accounts of its own."""
SNAPSHOTS = (".snapshots", ".zfs")
_KEY_BEGINNING, _KEY_ENDING = "[is][ds][_h]*", "*[_.-][kp][e1f][ymx2]"
"""One pattern before several: comparing names is what a walk spends its time on."""
_KEY_NAMES = ("ssh_host_*_key", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")
_KEY_ENDINGS = ("*.key", "*privkey*.pem", "*-key.pem", "*_key.pem", "key.pem", "*.p12", "*.pfx")
_KEY_PLACES = ("/etc/ssl/private/*", "/etc/pki/*/private/*")
_LIBRARIES = ("/usr/lib*", "/usr/share/*", "/usr/src/*")
"""Where packages keep keys of examples and tests."""
BOOT_FILES = ("grub.cfg", "user.cfg", "custom.cfg", "grub.conf")


def _any(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the terms of find(1) that hold for any of the values."""
    return tuple(word for value in values for word in ("-o", option, value))[1:]


def _only(kind: str, *terms: str) -> tuple[str, ...]:
    """Return terms that are tried for files of one type alone.

    find(1) tries what it deems cheap first, names before types, unless a type stands inside as well.
    """
    return ("-type", kind, "(", "-type", kind, *terms, ")")


_PRUNED = (
    *("(", "(", *(word for kind in WALKED for word in ("!", "-fstype", kind)), ")"),
    *("-o", *_any("-path", PASSED_OVER), "-o", *_any("-name", SNAPSHOTS), ")"),
)
_KEYS = (
    *(word for place in _LIBRARIES for word in ("!", "-path", place)),
    *(
        "(",
        *_only("f", "-name", _KEY_BEGINNING, "(", "-type", "f", "(", *_any("-name", _KEY_NAMES), ")", ")"),
    ),
    *(
        "-o",
        *_only("f", "-name", _KEY_ENDING, "(", "-type", "f", "(", *_any("-name", _KEY_ENDINGS), ")", ")"),
    ),
    *("-o", *_any("-path", _KEY_PLACES), ")"),
)
_CLOSED = (
    "!",
    "-perm",
    "-0001",
    "(",
    "-path",
    "/etc/*",
    "-o",
    "-name",
    ".ssh",
    "-o",
    "!",
    "-path",
    "/*/*/*/*",
    ")",
)
"""Directories that others may not pass: what lies below is not open to them."""
WALK = (
    *("find", "/", *_only("d", *_PRUNED), "-prune", "-o", "("),
    # The root itself is always told: it shows that the walk walked.
    *("-path", "/"),
    *("-o", "-type", "f", "-perm", "/6000"),
    *("-o", "-type", "f", "-perm", "-0002"),
    *("-o", "-type", "d", "-perm", "-0002", "!", "-perm", "-1000"),
    # Looking up a name costs; most files belong to root.
    *("-o", "!", "(", "-uid", "0", "-gid", "0", ")", "(", "-nouser", "-o", "-nogroup", ")"),
    *("-o", *_only("f", *_KEYS)),
    *("-o", *_only("f", "-path", "/boot/*", "(", "-type", "f", "(", *_any("-name", BOOT_FILES), ")", ")")),
    *("-o", *_only("d", *_CLOSED)),
    *(")", "-printf", "%m:%U:%G:%u:%g:%y:", "-print"),
)
"""Print mode, owner and group by number and by name, type and path; never what is in a file."""

BOOT_PASSWORD = (
    *("grep", "-rslI", "--include=*.cfg", "--include=grub.conf"),
    # A hash, or the encrypted password of GRUB before version 2; only names of files are printed.
    *("-e", "grub.pbkdf2.sha", "-e", "^password.--encrypted", "-e", "^password.--md5"),
    *("/boot/grub", "/boot/grub2", "/boot/efi/EFI"),
)
