"""Facts of the area `logs`: system logging, audit trail, logins, time."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_SYSTEM = (
    FactSpec("host.log_daemons", FactType.STRINGS, "programs that write system logs and run, sorted"),
    FactSpec(
        "host.log_persistent",
        FactType.BOOL,
        "what a running one writes is still there after a restart",
    ),
    FactSpec(
        "host.log_targets",
        FactType.RECORDS,
        "machines that syslog sends to; crosses: not on an attached network; connected: a connection"
        " stands, null where the protocol has none",
        record=("host", "port", "protocol", "encrypted", "crosses", "connected"),
    ),
    FactSpec(
        "host.log_shippers", FactType.STRINGS, "agents that send logs elsewhere over TLS and run, sorted"
    ),
    FactSpec("host.log_stamps_zoned", FactType.BOOL, "time stamps of the system log carry their time zone"),
    FactSpec(
        "host.log_open_files",
        FactType.STRINGS,
        "what others may read or write below /var/log, or that belongs to the wrong account: path, mode,"
        " owner; the first hundred",
    ),
    FactSpec(
        "host.log_rotation_days",
        FactType.INT,
        "days that rotation keeps the system and login logs; null: no limit in time",
        True,
    ),
    FactSpec("host.log_rotation_set", FactType.STRING, "when rotation was last set, RFC 3339", True),
    FactSpec(
        "host.log_oldest", FactType.STRING, "day that system and login logs reach back to at least", True
    ),
    FactSpec("host.log_system_newest", FactType.STRING, "newest entry of the system log, RFC 3339", True),
    FactSpec("host.log_auth_newest", FactType.STRING, "newest entry of the log of logins, RFC 3339", True),
    FactSpec(
        "host.log_services",
        FactType.RECORDS,
        "services whose logs have entries, with the newest, RFC 3339",
        record=("name", "newest"),
    ),
)
_SERVICES = (
    FactSpec(
        "host.log_web_gaps",
        FactType.STRINGS,
        "sites without access or error log, with why",
    ),
    FactSpec(
        "host.log_web_one_client",
        FactType.STRINGS,
        "access logs of the last week in which all requests come from one or two private addresses",
    ),
    FactSpec(
        "host.log_web_client_kept",
        FactType.BOOL,
        "the client's address is taken from a proxy's header",
    ),
    FactSpec(
        "host.log_database_gaps",
        FactType.STRINGS,
        "what PostgreSQL, MariaDB and MySQL do not log by their settings: server, setting",
    ),
)
_TRAIL = (
    FactSpec("host.audit_running", FactType.BOOL, "auditd runs"),
    FactSpec("host.audit_enabled", FactType.BOOL, "the kernel records audit events"),
    FactSpec("host.audit_immutable", FactType.BOOL, "audit rules cannot be changed before the next restart"),
    FactSpec(
        "host.audit_topics",
        FactType.STRINGS,
        "what the loaded audit rules watch: identity sudo time modules logins permissions deletion"
        " access mounts network ssh programs",
    ),
    FactSpec(
        "host.audit_silent_actions",
        FactType.STRINGS,
        "settings of auditd by which records are lost without a word when space ends or a disk fails",
    ),
    FactSpec(
        "host.audit_kept_megabytes",
        FactType.INT,
        "audit records kept at most, 10^6 bytes as auditd counts; null: none is removed",
        True,
    ),
    FactSpec(
        "host.login_failures",
        FactType.INT,
        "failed logins over SSH in the last seven days, as far as the last 2 MB of a log reach back",
    ),
    FactSpec("host.login_failure_sources", FactType.INT, "addresses that they came from"),
    FactSpec(
        "host.login_guessed",
        FactType.RECORDS,
        "logins with a password that followed upon five or more failed ones of the same source",
        record=("account", "source", "failures"),
    ),
)
_TIME = (
    FactSpec("host.time_services", FactType.STRINGS, "services that set the clock and run, sorted"),
    FactSpec("host.time_synchronised", FactType.BOOL, "one of them says that the clock is synchronised"),
    FactSpec("host.time_servers", FactType.STRINGS, "time sources configured for those that run, sorted"),
    FactSpec(
        "host.time_offset_milliseconds",
        FactType.INT,
        "distance of the clock from its source; null where no source is followed or it does not tell",
        True,
    ),
    FactSpec("host.time_zone", FactType.STRING, "time zone of the host, such as Asia/Jakarta"),
)
FACTS: tuple[FactSpec, ...] = (*_SYSTEM, *_SERVICES, *_TRAIL, *_TIME)
