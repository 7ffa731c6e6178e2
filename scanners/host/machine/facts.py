"""Facts about kernel, boot, units, hardware and health."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS: tuple[FactSpec, ...] = (
    FactSpec("host.kernel_own", FactType.BOOL, "its kernel is its own: it is no container"),
    FactSpec("host.kernel_forwarding", FactType.BOOL, "it passes packets on, over IPv4 or IPv6"),
    FactSpec(
        "host.kernel_network_loose",
        FactType.STRINGS,
        "settings in effect that accept or send redirects, accept source routes, or leave out reverse path"
        " filtering or SYN cookies, with their values; the first 40",
    ),
    FactSpec(
        "host.kernel_memory_gaps",
        FactType.STRINGS,
        "what is lacking of address randomisation, limits on tracing, and limits on core dumps",
    ),
    FactSpec(
        "host.mac_system", FactType.STRING, "selinux or apparmor, when switched on; null for neither", True
    ),
    FactSpec(
        "host.mac_enforcing", FactType.BOOL, "it enforces, now and (SELinux) after the next start as well"
    ),
    FactSpec(
        "host.mac_complaining",
        FactType.STRINGS,
        "AppArmor profiles that only report, or how SELinux is permissive",
    ),
    FactSpec(
        "host.usb_storage_blocked",
        FactType.BOOL,
        "the driver for USB storage cannot be loaded by plugging in",
    ),
    FactSpec("host.unit_manager", FactType.STRING, "first process: systemd, init or other"),
    FactSpec(
        "host.unit_enabled",
        FactType.STRINGS,
        "services and sockets that start with the host, sorted; those of SysV with .service behind",
    ),
    FactSpec("host.unit_failed", FactType.STRINGS, "units of systemd that failed, sorted"),
    FactSpec("host.unit_automount", FactType.BOOL, "the automounter (autofs) starts with the host"),
    FactSpec("host.desktop_managers", FactType.STRINGS, "display managers installed: gdm3, lightdm …"),
    FactSpec(
        "host.desktop_lock_seconds",
        FactType.INT,
        "after how long the screen locks by itself, by the system's settings; null for never or no desktop",
        True,
    ),
    FactSpec("host.memory_available_percent", FactType.INT, "memory that programs can still have, percent"),
    FactSpec("host.memory_swap_percent", FactType.INT, "swap in use, percent; null without swap", True),
    FactSpec(
        "host.memory_load_percent", FactType.INT, "load over 15 minutes for each processor, percent of one"
    ),
    FactSpec("host.notice_local", FactType.STRING, "text of /etc/issue in one line; empty without one"),
    FactSpec("host.notice_network", FactType.STRING, "text of /etc/issue.net in one line; empty without one"),
    FactSpec(
        "host.notice_details",
        FactType.STRINGS,
        "what issue, issue.net and motd tell of the system: names, and escapes that are filled in",
    ),
    FactSpec("host.raid_arrays", FactType.STRINGS, "arrays, ZFS pools and multipath devices"),
    FactSpec("host.raid_degraded", FactType.STRINGS, "those that are not whole, and what is wrong"),
    FactSpec("host.disk_unhealthy", FactType.STRINGS, "disks that say of themselves that they fail (SMART)"),
    FactSpec(
        "host.disk_worn_percent",
        FactType.INT,
        "life used up of the most worn flash disk, percent; null where none tells",
        True,
    ),
    FactSpec("host.ups_names", FactType.STRINGS, "UPS that NUT or apcupsd watches"),
    FactSpec("host.ups_problems", FactType.STRINGS, "on battery, battery to be replaced, self-test failed …"),
    FactSpec("host.ups_charge_percent", FactType.INT, "charge of the battery that has least"),
    FactSpec("host.ups_shutdown", FactType.BOOL, "the host is shut down before the battery is empty"),
    FactSpec("host.sensor_count", FactType.INT, "temperatures and fans that are measured"),
    FactSpec("host.sensor_bad", FactType.STRINGS, "temperatures and fans outside of their limits"),
    FactSpec("host.power_supply_count", FactType.INT, "power supplies that the management controller sees"),
    FactSpec("host.power_bad", FactType.STRINGS, "power supplies that failed, lost power or redundancy"),
)
