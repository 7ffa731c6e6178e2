"""Which reader reads which fact of the area `packages`."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.packages import applications, software, sources, updates

READERS: dict[str, Reader] = {
    "host.package_lists_at": updates.lists_at,
    "host.package_security_pending": updates.pending,
    "host.package_upgraded_at": updates.upgraded_at,
    "host.updates_automatic": updates.automatic,
    "host.update_jobs": updates.jobs,
    "host.restart_pending_since": updates.restart_pending_since,
    "host.kernel_installed": updates.kernel_installed,
    "host.package_sources": sources.sources,
    "host.listening_programs": software.listening_programs,
    "host.runtimes": software.runtimes,
    "host.service_packages": software.service_packages,
    "host.support_extension": updates.extension,
    "host.lock_files": applications.lock_files,
    "host.libraries": applications.libraries,
    "host.attack_tools": software.attack_tools,
    "host.build_tools": software.build_tools,
    "host.pirated_signs": applications.pirated_signs,
    "host.nonfree_packages": software.nonfree_packages,
    "host.package_files_verified": software.verified,
    "host.package_files_changed": software.changed,
    "host.applications": applications.applications,
    "host.core_files_newer": applications.core_files_newer,
}
