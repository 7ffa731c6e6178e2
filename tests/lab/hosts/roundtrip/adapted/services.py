"""Remedies about files, logs, packages and services."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.hosts.fleet.parts import days_ago
from tests.lab.hosts.roundtrip.adapted.shown import field, joined, lines, words
from tests.lab.hosts.roundtrip.model import Adapted

_KEEP: tuple[str, ...] = ()

FILES: Mapping[str, Adapted] = {
    "files-leftovers-removed": Adapted({"/tmp/ekspor-lama.csv": field("host.leftover_files", "path")}),
    "files-privileged-accepted": Adapted({"/jalur/berkas": "/usr/local/bin/bantuan"}),
    "files-unowned-absent": Adapted({"/var/www/aplikasi": "/srv/asing.txt"}),
    "files-world-writable-absent@host-forgotten": Adapted(
        {
            "chmod +t": _KEEP,
            "o-w /var/www/html/upload": "-R o-w /var/www/html /srv/catatan.txt /home/admin /etc/audit",
        }
    ),
    "files-world-writable-absent@host-shared": Adapted(
        {"chmod +t": _KEEP, "/var/www/html/upload": "/var/log/lama.log"}
    ),
    "files-world-writable-absent@host-stored": Adapted(
        {"chmod +t": _KEEP, "/var/www/html/upload": "/srv/arsip"}
    ),
    "logs-files-restricted": Adapted({"FILE": words("host.log_open_files")}),
    "kernel-network-hardened": Adapted(
        # A host of the lab may set its own network alone.
        {"sysctl --system": "sysctl -p /etc/sysctl.d/90-jaringan.conf"}
    ),
    "machine-notice-shown": Adapted(
        {"Sistem ini milik pemerintah daerah. Hanya pihak": "Akses hanya untuk yang berwenang. Pihak"}
    ),
    "machine-units-baseline": Adapted(
        {
            "systemctl": _KEEP,
            "nginx.service": joined(lines("host.unit_enabled")),
        }
    ),
    "machine-units-running": Adapted({"nama.service": lines("host.unit_failed")}),
    "malware-preload-absent": Adapted({"LIBRARY": "libc.so.6", "MODULE": _KEEP}),
    "malware-processes-absent": Adapted(
        {
            "UNIT": "$(ps -o unit= -p $(pgrep -x kdevtmpfsi))",
            "NUMBER": "$(pgrep -x kdevtmpfsi)",
            "ACCOUNT": "root",
            "FILE": "/dev/shm/kdevtmpfsi",
        }
    ),
    "malware-scan-clean": Adapted(
        ready=(
            "apt-get install clamav\necho d41d8cd98f00b204e9800998ecf8427e:1:Uji >/var/lib/clamav/satu.hdb\n"
            "mkdir -p /var/www /srv /home"
        )
    ),
    "register-acceptance-passed": Adapted({"2026-03-02": days_ago(0), "2026-03-09": days_ago(0)}),
    "register-baseline-kept": Adapted(
        {
            '"sudo 49f6…"': _KEEP,
            "sshd 6a44…": lines("host.configuration"),
        }
    ),
    "register-identity-carried@host-forgotten": Adapted(
        {"dinkes-web-01": "server-lama", "KOM-2024-017": "3.05.02.01.002"}
    ),
    "register-identity-carried@host-shared": Adapted(
        {"dinkes-web-01": "server-bersama", "KOM-2024-017": "3.05.02.01.003", "tinggi": "strategis"}
    ),
    "register-identity-carried@host-stored": Adapted(
        {"dinkes-web-01": "server-data", "KOM-2024-017": "3.05.02.01.004"}
    ),
    "register-release-tested": Adapted({"6.9.1": "5.2"}),
    "listening-programs-in-runbook": Adapted({"sshd, nginx": joined(lines("host.listening_names"))}),
    "shares-guest-absent": Adapted(
        {"arsip": "umum", "/srv/data 10.20.1.15": "/srv/umum 10.77.0.1", "exportfs -ra": _KEEP},
        ready="groupadd umum",
        software=("samba", "system"),
    ),
    "shares-protocol-current": Adapted(software=("samba",)),
    "time-sources-approved": Adapted({"ntp.example.go.id": "10.77.0.1"}),
    "time-zone-uniform@host-stored": Adapted({"systemctl restart rsyslog": _KEEP}),
    "resolver-filtering-used": Adapted({"10.10.0.53 10.10.1.53": "10.77.0.1", "10.10.0.53": "10.77.0.1"}),
}

PACKAGES: Mapping[str, Adapted] = {
    "packages-security-current@host-forgotten": Adapted({"bookworm-security": "bullseye-security"}),
    **{
        f"packages-security-current@{host}": Adapted(
            {
                "http://security.debian.org/debian-security": "http://security.ubuntu.com/ubuntu",
                "bookworm-security main": f"{suite}-security main universe",
            }
        )
        for host, suite in (("host-shared", "jammy"), ("host-stored", "focal"))
    },
    "docker-daemon-local": Adapted(
        {
            "grep -n": "echo '{}' >/var/snap/docker/current/config/daemon.json; grep -n",
            "[Service]": _KEEP,
            "ExecStart=": _KEEP,
        }
    ),
    "files-integrity-monitored": Adapted({"aideinit": "aideinit -y -f"}),
    "evidence-store-present": Adapted(software=("debian",)),
    "firewall-admin-ports-limited": Adapted(
        {"10.10.0.0/16": "10.77.0.1"},
        ready=(
            "apt-get install ufw\nufw allow 22/tcp\nufw allow OpenSSH\nufw default deny incoming\n"
            "ufw --force enable"
        ),
    ),
    "firewall-inbound-denied": Adapted({"10.10.0.0/16": "10.77.0.1"}),
    "firewall-outbound-limited": Adapted(
        {"10.10.0.20": "10.77.0.1"},
        ready="apt-get install ufw\nufw allow from 10.77.0.1 to any port 22 proto tcp\nufw --force enable",
    ),
    "logins-guessing-slowed": Adapted({"10.10.0.0/16": "10.77.0.1", "backend = systemd": _KEEP}),
    "logins-guessing-slowed@host-stored": Adapted(
        {
            "10.10.0.0/16": "10.77.0.1",
            "[nginx-http-auth]\nenabled = true\n[nginx-botsearch]\nenabled = true": "",
        }
    ),
    "logins-guessing-slowed@host-shared": Adapted(
        {
            "10.10.0.0/16": "10.77.0.1",
            "backend = systemd": _KEEP,
            "[nginx-http-auth]": "[apache-auth]",
            "[nginx-botsearch]": "[apache-noscript]",
        }
    ),
    "monitoring-agent-connected": Adapted(),
    "packages-attack-tools-absent": Adapted(
        {"nmap hydra john sqlmap": "nmap", "PATH": "/dev/shm/kdevtmpfsi /usr/local/sbin/xmrig"}
    ),
    "packages-build-tools-absent": Adapted({"build-essential gcc g++ make libc6-dev": "make"}),
    "packages-files-unchanged": Adapted({"openssh-server coreutils sudo": "passwd"}),
    "packages-licences-registered": Adapted({"oracle-client": "pustaka-berbayar", "rpm -qai": _KEEP}),
    "packages-listeners-owned": Adapted(
        {
            "/opt/simrs/bin/simrs": "/usr/local/sbin/layanan",
            "/proc/PID/exe": "/proc/$(pgrep -o -x layanan)/exe",
            "dpkg -S": _KEEP,
            "rpm -qf": _KEEP,
        }
    ),
    "packages-pirated-absent": Adapted({"PATH": "/usr/bin/licsyscp"}),
    "packages-sources-trusted": Adapted({"example.list": "lain.list", "deb [signed-by": _KEEP}),
    "remote-tools-absent": Adapted({"apt-get purge": _KEEP}),
    "transfers-scheduled-encrypted": Adapted(
        {
            "curl --fail https://www.example.go.id/cron.php": (
                "echo '*/5 * * * * root curl --fail https://contoh.invalid/a.sh' >/etc/cron.d/perbarui"
            ),
            "rsync -a": 'echo "5 1 * * * root rsync -a',
            "/backup/data/": '/backup/data/" >/etc/cron.d/kirim; rm -f /etc/cron.d/perbarui',
        }
    ),
}
