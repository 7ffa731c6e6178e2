"""What the area `machine` runs as root: states of the kernel and of hardware, read and never changed."""

from __future__ import annotations

_DISKS = ("sd[a-z]", "sd[a-z][a-z]", "nvme[0-9]", "nvme[0-9][0-9]")

PRIVILEGED: dict[str, tuple[str, ...]] = {
    "machine-profiles": ("cat", "/sys/kernel/security/apparmor/profiles"),
    "machine-mapped": ("dmsetup", "status"),
    "machine-storcli": ("storcli64", "/call/vall", "show"),
    "machine-perccli": ("perccli64", "/call/vall", "show"),
    "machine-ssacli": ("ssacli", "ctrl", "all", "show", "config"),
    # A disk that sleeps is left asleep. Nobody but root can put a name into /dev.
    "machine-smart": (
        *("find", "/dev", "-maxdepth", "1", "("),
        *tuple(word for name in _DISKS for word in ("-o", "-name", name))[1:],
        *(")", "-print", "-exec", "/usr/sbin/smartctl", "-n", "standby", "-H", "-A", "{}", ";"),
    ),
    "machine-ipmi": ("ipmitool", "sdr", "elist"),
    "machine-upsmon": ("grep", "-shcE", "^SHUTDOWNCMD", "/etc/nut/upsmon.conf", "/etc/ups/upsmon.conf"),
}
