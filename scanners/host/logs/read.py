"""Read the area `logs`: one reader for each fact. Pure."""

from __future__ import annotations

from scanners.host.area import Reader
from scanners.host.logs import clock, forwarding, kept, logins, services, syslog, trail

READERS: dict[str, Reader] = {
    "host.log_daemons": syslog.daemons,
    "host.log_persistent": syslog.persistent,
    "host.log_stamps_zoned": syslog.stamps_zoned,
    "host.log_targets": forwarding.targets,
    "host.log_shippers": forwarding.shippers,
    "host.log_open_files": kept.open_files,
    "host.log_rotation_days": kept.rotation_days,
    "host.log_rotation_set": kept.rotation_set,
    "host.log_oldest": kept.oldest,
    "host.log_system_newest": kept.system_newest,
    "host.log_auth_newest": kept.auth_newest,
    "host.log_services": kept.services,
    "host.log_web_gaps": services.web_gaps,
    "host.log_web_one_client": services.one_client,
    "host.log_web_client_kept": services.client_kept,
    "host.log_database_gaps": services.database_gaps,
    "host.audit_running": trail.is_running,
    "host.audit_enabled": trail.enabled,
    "host.audit_immutable": trail.immutable,
    "host.audit_topics": trail.topics,
    "host.audit_silent_actions": trail.silent_actions,
    "host.audit_kept_megabytes": trail.kept_megabytes,
    "host.login_failures": logins.failures,
    "host.login_failure_sources": logins.sources,
    "host.login_guessed": logins.guessed,
    "host.time_services": clock.services,
    "host.time_synchronised": clock.synchronised,
    "host.time_servers": clock.servers,
    "host.time_offset_milliseconds": clock.offset_milliseconds,
    "host.time_zone": clock.zone,
}
