"""Facts of the area `logs` from sections written by hand, after the documented formats of each program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.logs.area import LOGS
from scanners.host.report import Report, Section, State
from tests.scanners.host.recorded import facts_of, written

_TREE = "d 755 root root 1795340000.0 4096:/var/log\n"


def fact(name: str, *absent: str, denied: tuple[str, ...] = (), **sections: str) -> JSON:
    return facts_of(written(*absent, denied=denied, **sections), LOGS).get(name, "unread")


def file(path: str, text: str) -> str:
    return f"==> {path} <== read\n{text}\n"


ROUTES = (
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
    "eth0\t00000000\t0101010A\t3\t0\t0\t0\t00000000\n"
    "eth0\t0001010A\t00000000\t1\t0\t0\t0\t00FFFFFF\n"
)


def targets(settings_: str, connections: str = "") -> JSON:
    return fact(
        "host.log_targets",
        logs_processes="rsyslogd\n",
        logs_rsyslog=file("/etc/rsyslog.conf", settings_),
        logs_routes=ROUTES,
        logs_connections=connections,
        logs_hosts=file("/etc/hosts", "10.1.1.9 kolektor"),
    )


@pytest.mark.parametrize(
    ("line", "host", "port", "protocol", "encrypted", "crosses"),
    [
        ("*.* @@203.0.113.7:6514", "203.0.113.7", 6514, "tcp", False, True),
        ("*.* @10.1.1.9", "10.1.1.9", 514, "udp", False, False),
        ("auth.* @@(o)kolektor:514;RSYSLOG_ForwardFormat", "kolektor", 514, "tcp", False, False),
        (
            "$ActionSendStreamDriverMode 1\n*.* @@log.example.go.id",
            "log.example.go.id",
            514,
            "tcp",
            True,
            True,
        ),
        (
            '*.* action(type="omfwd" target="log.example.go.id"\n  port="6514" '
            'protocol="tcp" StreamDriverMode="1")',
            *("log.example.go.id", 6514, "tcp", True, True),
        ),
        (
            'action(type="omrelp" target="10.1.1.8" port="20514" tls="on")',
            "10.1.1.8",
            20514,
            "relp",
            True,
            False,
        ),
        ("*.* @@[2001:db8::5]:601", "2001:db8::5", 601, "tcp", False, True),
    ],
)
def test_where_rsyslog_sends_to(
    line: str, host: str, port: int, protocol: str, encrypted: bool, crosses: bool
) -> None:
    expected = {"host": host, "port": port, "protocol": protocol, "encrypted": encrypted, "crosses": crosses}
    (found,) = targets(line)  # type: ignore[misc]
    assert {key: found[key] for key in expected} == expected  # type: ignore[index, call-overload]


def test_a_comment_a_mail_address_and_this_machine_itself_are_no_target() -> None:
    assert targets("# *.* @@log.example.go.id\n*.* @127.0.0.1:1514\nmail.* /var/log/mail.log\n") == []


def test_a_connection_that_stands_is_seen() -> None:
    line = "*.* @@10.1.1.9:514"
    for connections, stands in (("0901010A:0202\n", True), ("0801010A:0202\n", False), ("", False)):
        (found,) = targets(line, connections)  # type: ignore[misc]
        assert found["connected"] is stands  # type: ignore[index, call-overload]


def test_an_include_elsewhere_leaves_targets_open() -> None:
    assert targets("$IncludeConfig /etc/rsyslog-own/*.conf") == "unread"


def test_syslog_ng_sends_over_tls_only_where_a_path_uses_it() -> None:
    text = (
        'destination d_far { network("log.example.go.id" port(6514) transport("tls")); };\n'
        'destination d_unused { udp("192.0.2.1" port(514)); };\nlog { source(s_src); destination(d_far); };\n'
    )
    (found,) = fact(  # type: ignore[misc]
        "host.log_targets",
        logs_processes="syslog-ng\n",
        logs_syslog_ng=file("/etc/syslog-ng/syslog-ng.conf", text),
        logs_routes=ROUTES,
        logs_connections="",
        logs_hosts="",
    )
    assert (found["host"], found["port"], found["encrypted"]) == ("log.example.go.id", 6514, True)  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("files", "kept", "persistent"),
    [
        (file("/etc/systemd/journald.conf", "[Journal]\n#Storage=auto"), "no", False),
        (file("/etc/systemd/journald.conf", "[Journal]\n#Storage=auto"), "yes", True),
        (file("/etc/systemd/journald.conf", "[Journal]\nStorage=volatile"), "yes", False),
        (
            file("/etc/systemd/journald.conf", "Storage=volatile")
            + file("/etc/systemd/journald.conf.d/10-keep.conf", "[Journal]\nStorage=persistent"),
            *("no", True),
        ),
        (
            file("/usr/lib/systemd/journald.conf.d/10-keep.conf", "Storage=persistent")
            + file("/etc/systemd/journald.conf.d/10-keep.conf", "Storage=none"),
            *("yes", False),
        ),
    ],
)
def test_whether_the_journal_stays(files: str, kept: str, persistent: bool) -> None:
    found = fact(
        "host.log_persistent", logs_processes="systemd-journal\n", logs_journald=files, logs_journal_kept=kept
    )
    assert found is persistent


def test_hidden_processes_leave_everything_about_running_open() -> None:
    facts = facts_of(written(logs_processes="!hidden\nsh\n"), LOGS)
    assert "host.log_daemons" not in facts
    assert "host.audit_running" not in facts


@pytest.mark.parametrize(
    ("line", "zoned"),
    [
        ("$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat", False),
        ("", True),
        ('module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")', False),
        ('$template Own,"%timereported:::date-rfc3339% %msg%\\n"\n$ActionFileDefaultTemplate Own', True),
        ('$template Own,"%timereported% %msg%\\n"\n$ActionFileDefaultTemplate Own', False),
        ("$ActionFileDefaultTemplate Nowhere", "unread"),
    ],
)
def test_whether_stamps_carry_their_zone(line: str, zoned: JSON) -> None:
    text = file("/etc/rsyslog.conf", f"*.* /var/log/syslog\n{line}\n")
    assert fact("host.log_stamps_zoned", logs_processes="rsyslogd\n", logs_rsyslog=text) == zoned


# RHEL 9: /var/log/messages and secure in one block, weekly and rotate 4 from the general part.
_RHEL = file("/etc/logrotate.conf", "weekly\nrotate 4\ncreate\ndateext\ninclude /etc/logrotate.d\n") + file(
    "/etc/logrotate.d/rsyslog",
    "/var/log/cron\n/var/log/messages\n/var/log/secure\n{\n    missingok\n    sharedscripts\n    postrotate\n"
    "        /usr/bin/systemctl -s HUP kill rsyslog.service >/dev/null 2>&1 || true\n    endscript\n}\n",
)
_FILES = (
    "1795340000.1 10:/var/log/messages\n1795330000.2 10:/var/log/secure\n"
    "1793000000.0 9:/var/log/secure-20261026\n"
)


@pytest.mark.parametrize(
    ("rotation", "days"),
    [
        (_RHEL, 28),
        (_RHEL.replace("missingok", "rotate 26"), 182),
        (_RHEL.replace("missingok", "monthly\nrotate 12\nmaxage 100"), 100),
        (_RHEL.replace("missingok", "size 10M"), "unread"),
        (file("/etc/logrotate.conf", "weekly\nrotate 4\n"), None),
        (_RHEL.replace("missingok", "rotate viele"), "unread"),
    ],
)
def test_how_many_days_rotation_keeps(rotation: str, days: JSON) -> None:
    found = fact("host.log_rotation_days", logs_processes="rsyslogd\n", logs_files=_FILES, logrotate=rotation)
    assert found == days


@pytest.mark.parametrize(
    ("setting", "days"), [("90day", 90), ("6month", 182), ("1w 2d", 9), ("0", None), ("", None)]
)
def test_how_many_days_a_journal_keeps(setting: str, days: JSON) -> None:
    journald = file("/etc/systemd/journald.conf", f"[Journal]\nMaxRetentionSec={setting}\n")
    found = fact(
        "host.log_rotation_days",
        logs_processes="systemd-journal\n",
        logs_files="1795340000.0 8388608:/var/log/journal/0a/system.journal\n",
        logs_journald=journald,
    )
    assert found == days


def test_ages_of_logs_on_rhel() -> None:
    sections = {"logs_processes": "rsyslogd\n", "logs_files": _FILES + "1795343000.0 0:/var/log/maillog\n"}
    assert fact("host.log_oldest", **sections) == "2026-10-26T07:33:20Z"
    assert fact("host.log_system_newest", **sections) == "2026-11-22T09:33:20Z"
    assert fact("host.log_auth_newest", **sections) == "2026-11-22T06:46:40Z"


def test_an_empty_file_is_no_entry() -> None:
    files = "1795340000.1 0:/var/log/auth.log\n1790000000.1 5:/var/log/auth.log.1\n"
    sections = {"logs_processes": "rsyslogd\n", "logs_files": files}
    assert fact("host.log_auth_newest", **sections) == "2026-09-21T14:13:20Z"
    assert fact("host.log_system_newest", **sections) is None


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("f 644 root root 1 1:/var/log/secure", True),
        ("f 600 root root 1 1:/var/log/secure", False),
        ("f 640 syslog adm 1 1:/var/log/auth.log", False),
        ("f 640 budi budi 1 1:/var/log/auth.log", True),
        ("f 644 root root 1 1:/var/log/dpkg.log", False),
        ("f 666 root root 1 1:/var/log/dpkg.log", True),
        ("f 664 root utmp 1 1:/var/log/wtmp", False),
        ("f 644 www-data www-data 1 1:/var/log/app.log", True),
        ("d 1777 root root 1 1:/var/log/app", False),
        ("d 777 root root 1 1:/var/log/app", True),
        ("d 750 root adm 1 1:/var/log/apache2\nf 644 root adm 1 1:/var/log/apache2/access.log", False),
        ("d 755 root adm 1 1:/var/log/apache2\nf 644 root adm 1 1:/var/log/apache2/access.log", True),
        ("f 640 root users 1 1:/var/log/audit/audit.log", True),
    ],
)
def test_which_files_are_too_open(line: str, shown: bool) -> None:
    assert bool(fact("host.log_open_files", logs_tree=_TREE + line + "\n")) is shown


def test_a_tree_without_its_root_tells_nothing() -> None:
    assert fact("host.log_open_files", logs_tree="f 600 root root 1 1:/var/log/secure\n") == "unread"


_RULES_8 = """-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/sudoers -p wa -k sudo
-a always,exit -F arch=b64 -S adjtimex,settimeofday -F key=time
-a always,exit -F arch=b64 -S init_module,finit_module -F key=modules
-a never,exit -F path=/var/log/lastlog
"""
# CentOS 6 prints the rules in another form.
_RULES_6 = """LIST_RULES: exit,always watch=/etc/passwd perm=wa key=identity
LIST_RULES: exit,always watch=/etc/shadow perm=wa key=identity
LIST_RULES: exit,always watch=/etc/group perm=wa key=identity
LIST_RULES: exit,always arch=3221225534 (0xc000003e) syscall=chmod,chown,fchmod
"""


@pytest.mark.parametrize(
    ("rules", "topics"),
    [
        (_RULES_8, ["identity", "sudo", "time", "modules"]),
        (_RULES_6, ["identity", "permissions"]),
        ("No rules\n", []),
        ("-w /etc/passwd -p wa\n", []),
        ("-w /etc/ -p wa\n", ["identity", "sudo", "ssh"]),
        ("", "unread"),
    ],
)
def test_what_audit_rules_watch(rules: str, topics: JSON) -> None:
    assert fact("host.audit_topics", logs_audit_rules=rules) == topics


@pytest.mark.parametrize(
    ("state", "enabled", "immutable"),
    [
        ("enabled 1\nfailure 1\n", True, False),
        ("enabled 2\n", True, True),
        ("AUDIT_STATUS: enabled=0 flag=1\n", False, False),
    ],
)
def test_the_state_of_the_trail(state: str, enabled: bool, immutable: bool) -> None:
    assert fact("host.audit_enabled", logs_audit_state=state) is enabled
    assert fact("host.audit_immutable", logs_audit_state=state) is immutable


def test_settings_of_auditd() -> None:
    strict = (
        "num_logs = 5\nmax_log_file = 8\nmax_log_file_action = KEEP_LOGS\nspace_left_action = email\n"
        "admin_space_left_action = single\ndisk_full_action = syslog\ndisk_error_action = SYSLOG\n"
    )
    usual = strict.replace("KEEP_LOGS", "ROTATE").replace(
        "disk_full_action = syslog", "disk_full_action = SUSPEND"
    )
    assert fact("host.audit_silent_actions", logs_audit_settings=strict) == []
    assert fact("host.audit_kept_megabytes", logs_audit_settings=strict) is None
    assert fact("host.audit_silent_actions", logs_audit_settings=usual) == ["disk_full_action = suspend"]
    assert fact("host.audit_kept_megabytes", logs_audit_settings=usual) == 40
    missing = strict.replace("space_left_action = email\n", "", 1)
    assert fact("host.audit_silent_actions", logs_audit_settings=missing) == ["space_left_action = ignore"]


def test_counts_without_their_end_tell_nothing() -> None:
    assert fact("host.login_failures", logs_logins="failed 0 0\n!done\n") == 0
    assert fact("host.login_failures", logs_logins="failed 0 0\n") == "unread"
    assert fact("host.login_failures", logs_logins="") == "unread"


_TRACKING = (
    "Reference ID    : C0A80101 (192.168.1.1)\nStratum         : 3\n"
    "System time     : 1.204000000 seconds slow of NTP time\nLeap status     : {}\n"
)
_NTPQ = (
    "     remote           refid      st t when poll reach   delay   offset  jitter\n====\n"
    "*192.168.1.1     .GPS.            1 u   33   64  377    0.4   -12.641   0.1\n"
)


@pytest.mark.parametrize(
    ("processes", "sections", "follows", "offset"),
    [
        ("chronyd\n", {"logs_chrony": _TRACKING.format("Normal")}, True, 1204),
        ("chronyd\n", {"logs_chrony": _TRACKING.format("Not synchronised")}, False, None),
        ("chronyd\n", {"logs_chrony": "506 Cannot talk to daemon\n"}, "unread", "unread"),
        ("ntpd\n", {"logs_ntp": _NTPQ}, True, 13),
        ("ntpd\n", {"logs_ntp": _NTPQ.replace("*192", " 192")}, False, None),
        ("ntpd\n", {"logs_ntp": ""}, "unread", "unread"),
        (
            "systemd-timesyn\n",
            {"logs_timesync": "synchronized\n Server: 192.0.2.1 (ntp.example.go.id)\n Offset: -1.5s\n"},
            *(True, 1500),
        ),
        ("systemd-timesyn\n", {"logs_timesync": " Packet count: 0\n"}, False, None),
        ("sh\n", {}, False, None),
    ],
)
def test_whether_the_clock_is_followed(
    processes: str, sections: dict[str, str], follows: JSON, offset: JSON
) -> None:
    assert fact("host.time_synchronised", logs_processes=processes, **sections) == follows
    assert fact("host.time_offset_milliseconds", logs_processes=processes, **sections) == offset


@pytest.mark.parametrize(
    ("processes", "files", "servers"),
    [
        (
            "chronyd\n",
            file(
                "/etc/chrony.conf",
                "pool 2.rocky.pool.ntp.org iburst\nsourcedir /run/chrony-dhcp\n!server x\n",
            )
            + file("/etc/ntp.conf", "server old.example.go.id\n"),
            ["2.rocky.pool.ntp.org"],
        ),
        (
            "ntpd\n",
            file("/etc/ntp.conf", "server -4 ntp.example.go.id iburst\nserver 127.127.1.0\n"),
            ["ntp.example.go.id"],
        ),
        ("chronyd\n", file("/etc/chrony.conf", "include /opt/own.conf\n"), "unread"),
        (
            "systemd-timesyn\n",
            file("/etc/systemd/timesyncd.conf", "[Time]\n#NTP=\n#FallbackNTP=ntp.ubuntu.com\n"),
            ["ntp.ubuntu.com"],
        ),
        (
            "systemd-timesyn\n",
            file("/etc/systemd/timesyncd.conf", "[Time]\nNTP=a.example.go.id\n")
            + file("/etc/systemd/timesyncd.conf.d/9.conf", "[Time]\nNTP=\nNTP=b.example.go.id\n"),
            ["b.example.go.id"],
        ),
    ],
)
def test_which_time_servers(processes: str, files: str, servers: JSON) -> None:
    found = fact("host.time_servers", logs_processes=processes, logs_time_settings=files, logs_timesync="")
    assert found == servers


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("/usr/share/zoneinfo/Asia/Jakarta\nAsia/Jakarta\n", "Asia/Jakarta"),
        ("/etc/localtime\nAsia/Makassar\n", "Asia/Makassar"),
        # CentOS 6 copies the file and names the zone in /etc/sysconfig/clock.
        ('/etc/localtime\nZONE="Asia/Jayapura"\n', "Asia/Jayapura"),
        ("/etc/localtime\n", "unread"),
    ],
)
def test_the_time_zone(text: str, zone: str) -> None:
    assert fact("host.time_zone", logs_zone=text) == zone


def test_sites_of_apache_without_log() -> None:
    text = (
        "<VirtualHost *:80>\nServerName a.example.go.id\nCustomLog /dev/null combined\n</VirtualHost>\n"
        "<VirtualHost *:80>\nServerName b.example.go.id\nErrorLog /dev/null\n</VirtualHost>\n"
    )
    general = file("/etc/httpd/conf/httpd.conf", 'CustomLog "logs/access_log" combined\n')
    sections = {"software": "apache\n", "logs_nginx": ""}
    site = file("/etc/httpd/conf.d/s.conf", text)
    assert fact("host.log_web_gaps", logs_apache=general + site, **sections) == [
        "apache a.example.go.id: no access log",
        "apache b.example.go.id: ErrorLog /dev/null",
    ]
    alone = fact("host.log_web_gaps", logs_apache=site, **sections)
    assert "apache b.example.go.id: no access log" in alone  # type: ignore[operator]


def test_what_databases_do_not_log() -> None:
    mysql = file(
        "/etc/mysql/mariadb.conf.d/60.cnf",
        "[mariadb]\nserver_audit_logging = ON\nserver_audit_events = CONNECT,QUERY_DDL\n",
    )
    cluster = file(
        "/etc/postgresql/15/main/postgresql.conf",
        "log_connections = on\t# (change)\nlog_statement = 'ddl'\n",
    )
    both = {"software": "mariadb\npostgresql\n", "logs_database": mysql + cluster}
    assert fact("host.log_database_gaps", "logs-postgresql", **both) == []
    own = "/var/lib/postgresql/15/main/postgresql.auto.conf:log_connections = 'off'\n!done\n"
    assert fact("host.log_database_gaps", logs_postgresql=own, **both) == [
        "postgresql 15/main: connections (log_connections)"
    ]
    assert fact("host.log_database_gaps", denied=("logs-postgresql",), **both) == "unread"
    assert (
        fact("host.log_database_gaps", software="openssh\n", logs_database=file("/etc/mysql/my.cnf", ""))
        == []
    )


_NAMES = [
    *("logs-processes", "logs-rsyslog", "logs-syslog-ng", "logs-journald", "logs-journal-kept", "logs-files"),
    *(
        "logs-tree",
        "logrotate",
        "logs-rotation-set",
        "logs-audit-state",
        "logs-audit-rules",
        "logs-hosts",
    ),
    *("logs-audit-settings", "logs-routes", "logs-connections", "logs-time-settings", "logs-chrony"),
    *("logs-ntp", "logs-timesync", "logs-zone", "logs-nginx", "logs-apache", "logs-web-clients", "software"),
    *("logs-database", "logs-postgresql", "logs-logins"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), min_size=len(_NAMES), max_size=len(_NAMES)),
    st.sampled_from([b"", b"rsyslogd\nchronyd\nauditd\n"]),
)
def test_any_bytes_are_read_without_exception(parts: list[bytes], running: bytes) -> None:
    sections = {
        name: Section(name, State.RAN, (running if name == "logs-processes" else b"") + part)
        for name, part in zip(_NAMES, parts, strict=True)
    }
    facts = facts_of(Report(sections), LOGS)
    assert len(facts) + len(facts["host.unread"]) == len(LOGS.facts) + 1  # type: ignore[arg-type]


@pytest.mark.parametrize("first", ["-a never,task", "-a task,never"])
def test_a_rule_that_audits_no_process_leaves_no_topic(first: str) -> None:
    rules = f"{first}\n-w /etc/ -p wa -k etc\n"
    assert fact("host.audit_topics", logs_audit_rules=rules) == []
