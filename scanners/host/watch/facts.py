"""Facts of the area `watch`: monitoring, defence, malware, scheduled jobs, signs of a break-in."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS: tuple[FactSpec, ...] = (
    FactSpec("host.integrity_tools", FactType.STRINGS, "tools that watch files, installed, sorted"),
    FactSpec(
        "host.integrity_checked",
        FactType.STRING,
        "when one of them last compared, RFC 3339; null: no trace of a comparison",
        True,
    ),
    FactSpec("host.monitor_agents", FactType.STRINGS, "agents for monitoring that run, sorted"),
    FactSpec(
        "host.monitor_disconnected",
        FactType.STRINGS,
        "those of them that say themselves that they do not reach their server",
    ),
    FactSpec(
        "host.guard_tools",
        FactType.STRINGS,
        "programs that run and lock out who guesses passwords, sorted",
    ),
    FactSpec("host.guard_covers", FactType.STRINGS, "what they watch: ssh, web"),
    FactSpec("host.malware_scanners", FactType.STRINGS, "scanners for malware, installed, sorted"),
    FactSpec(
        "host.malware_signatures",
        FactType.STRING,
        "day of the newest signatures, RFC 3339; null: there are none",
        True,
    ),
    FactSpec(
        "host.malware_scanned",
        FactType.STRING,
        "when a scan last ended, RFC 3339; null: no trace of one in sixty days",
        True,
    ),
    FactSpec(
        "host.malware_found", FactType.INT, "what that scan found; null where there was none", nullable=True
    ),
    FactSpec(
        "host.process_odd_names",
        FactType.STRINGS,
        "running programs named like a miner, or told to join a mining pool",
    ),
    FactSpec(
        "host.process_odd_files",
        FactType.STRINGS,
        "programs that run from temporary folders, hidden folders or memory, or whose file is gone from a"
        " place that no package uses",
    ),
    FactSpec("host.preload_libraries", FactType.STRINGS, "libraries in /etc/ld.so.preload"),
    FactSpec("host.preload_settings", FactType.STRINGS, "settings of the system that set LD_PRELOAD"),
    FactSpec("host.modules_loaded", FactType.STRINGS, "loaded kernel modules, sorted"),
    FactSpec("host.modules_hidden", FactType.STRINGS, "modules in the kernel that its own list leaves out"),
    FactSpec("host.modules_unsigned", FactType.STRINGS, "loaded modules without a trusted signature"),
    FactSpec(
        "host.jobs_own",
        FactType.RECORDS,
        "scheduled jobs that no package brought unchanged; kind is cron, at or timer; command is masked, a"
        " script or the name of a timer",
        record=("kind", "owner", "command"),
    ),
    FactSpec(
        "host.jobs_downloading",
        FactType.STRINGS,
        "scheduled commands that fetch and run code: place, command",
    ),
    FactSpec(
        "host.transfer_plain",
        FactType.STRINGS,
        "scheduled commands and own scripts that transfer files without encryption: place, command",
    ),
)
