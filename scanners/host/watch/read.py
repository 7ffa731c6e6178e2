"""Read the area `watch`: one reader for each fact. Pure."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.watch import defence, jobs, malware, preload, running

READERS: dict[str, Reader] = {
    "host.integrity_tools": defence.integrity_tools,
    "host.integrity_checked": defence.integrity_checked,
    "host.monitor_agents": defence.agents,
    "host.monitor_disconnected": defence.disconnected,
    "host.guard_tools": defence.guards,
    "host.guard_covers": defence.covers,
    "host.malware_scanners": malware.scanners,
    "host.malware_signatures": malware.signatures,
    "host.malware_scanned": malware.scanned,
    "host.malware_found": malware.found,
    "host.process_odd_names": running.odd_names,
    "host.process_odd_files": running.odd_files,
    "host.preload_libraries": preload.libraries,
    "host.preload_settings": preload.settings,
    "host.modules_loaded": preload.loaded,
    "host.modules_hidden": preload.hidden,
    "host.modules_unsigned": preload.unsigned,
    "host.jobs_own": jobs.own,
    "host.jobs_downloading": jobs.downloading,
    "host.transfer_plain": jobs.plain,
}
