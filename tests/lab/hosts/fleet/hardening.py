"""How a host of Debian 12 is hardened: each part the advice of the checks that ask it, as steps."""

from __future__ import annotations

from tests.lab.hosts.fleet.parts import KEY_OF, MANAGED, NOTICE, TIME_FROM_CENTRE
from tests.lab.hosts.model import Boot, Put, Run, Step

ADMINISTRATOR, EMERGENCY = "budi", "darurat"

SSH: tuple[Step, ...] = (
    Put(
        "/etc/ssh/sshd_config.d/10-kebijakan.conf",
        "PermitRootLogin no\n"
        "PasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\n"
        "MaxAuthTries 3\n"
        "LoginGraceTime 30\n"
        "MaxStartups 10:30:60\n"
        f"AllowUsers {ADMINISTRATOR} tilik-audit\n"
        "ClientAliveInterval 300\n"
        "ClientAliveCountMax 3\n"
        "DisableForwarding yes\n"
        "AllowTcpForwarding no\n"
        "AllowStreamLocalForwarding no\n"
        "AllowAgentForwarding no\n"
        "X11Forwarding no\n"
        "LogLevel VERBOSE\n"
        "Banner /etc/issue.net\n",
    ),
    Put("/etc/profile.d/diam.sh", "readonly TMOUT=900\nexport TMOUT\n"),
)

NOTICES: tuple[Step, ...] = tuple(Put(f"/etc/{name}", NOTICE) for name in ("issue", "issue.net", "motd"))

ACCOUNTS: tuple[Step, ...] = (
    Run(
        f"useradd --create-home --shell /bin/bash --groups sudo {ADMINISTRATOR}\n"
        f"useradd --create-home --shell /bin/bash --groups sudo {EMERGENCY}\n"
        f"for name in {ADMINISTRATOR} {EMERGENCY}; do\n"
        '  echo "$name:$(head -c 24 /dev/urandom | base64)" | chpasswd\n'
        "  chage --maxdays 365 $name\n"
        f"  install -d -m 700 -o $name -g $name /home/$name /home/$name/.ssh\n"
        "done\n"
        "sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 365/' /etc/login.defs\n"
        "sed -i 's/^# *auth *required *pam_wheel.so$/auth required pam_wheel.so group=sudo/' /etc/pam.d/su\n"
    ),
    Put(f"/home/{ADMINISTRATOR}/.ssh/authorized_keys", f"{KEY_OF}budi@\n", 0o600, "budi:budi"),
    Put("/etc/security/pwquality.conf", "minlen = 14\ndictcheck = 1\nminclass = 3\n"),
    Put("/etc/security/faillock.conf", "deny = 5\nunlock_time = 900\n"),
    Put(
        "/etc/pam.d/common-auth",
        "auth requisite pam_faillock.so preauth\n"
        "auth [success=2 default=ignore] pam_unix.so try_first_pass\n"
        "auth [default=die] pam_faillock.so authfail\n"
        "auth requisite pam_deny.so\n"
        "auth required pam_permit.so\n",
    ),
    Put(
        "/etc/pam.d/common-password",
        "password requisite pam_pwquality.so retry=3\n"
        "password required pam_pwhistory.so remember=24 use_authtok\n"
        "password [success=1 default=ignore] pam_unix.so obscure use_authtok try_first_pass yescrypt\n"
        "password requisite pam_deny.so\n"
        "password required pam_permit.so\n",
    ),
    Run("echo 'account required pam_faillock.so' >>/etc/pam.d/common-account\n"),
    Put("/etc/sudoers.d/catatan", 'Defaults use_pty\nDefaults logfile="/var/log/sudo.log"\n', 0o440),
)

FIREWALL: tuple[Step, ...] = (
    Put(
        "/etc/nftables.conf",
        "#!/usr/sbin/nft -f\n"
        "flush ruleset\n"
        "table inet saring {\n"
        "  chain masuk {\n"
        "    type filter hook input priority filter; policy drop;\n"
        '    iif "lo" accept\n'
        "    ct state established,related accept\n"
        "    ip saddr 10.77.0.1 tcp dport 22 accept\n"
        "    tcp dport 80 accept\n"
        "  }\n"
        "  chain lewat {\n"
        "    type filter hook forward priority filter; policy drop;\n"
        "  }\n"
        "  chain keluar {\n"
        "    type filter hook output priority filter; policy drop;\n"
        '    oif "lo" accept\n'
        "    ct state established,related accept\n"
        "    ip daddr 10.77.0.1 tcp dport 514 accept\n"
        "    ip daddr 10.77.0.1 udp dport { 53, 123 } accept\n"
        "  }\n"
        "}\n",
        0o755,
    ),
    Run("systemctl enable nftables.service\n"),
    Put(
        "/etc/sysctl.d/60-jaringan.conf",
        "".join(
            f"{name} = {value}\n"
            for name, value in {
                "net.ipv4.ip_forward": 0,
                "net.ipv4.tcp_syncookies": 1,
                "net.ipv4.conf.*.accept_redirects": 0,
                "net.ipv4.conf.*.send_redirects": 0,
                "net.ipv4.conf.*.accept_source_route": 0,
                "net.ipv4.conf.*.rp_filter": 1,
                "net.ipv6.conf.*.accept_redirects": 0,
                "net.ipv6.conf.*.accept_source_route": 0,
            }.items()
        ),
    ),
)

FILES: tuple[Step, ...] = (
    Boot(
        "mount -t tmpfs -o size=64m,mode=1777,nodev,nosuid,noexec tmpfs /var/tmp\n"
        "for place in /tmp /dev/shm; do mount -o remount,nodev,nosuid,noexec $place; done\n"
    ),
)

LOGS: tuple[Step, ...] = (
    Run(
        "sed -i -E 's/^([[:space:]]*)(weekly|monthly)/\\1daily/; s/^([[:space:]]*rotate) [0-9]+/\\1 400/' "
        "/etc/logrotate.conf /etc/logrotate.d/*\n"
        "sed -i '1i maxsize 500M' /etc/logrotate.conf\n"
        "ln -sf /usr/share/zoneinfo/Asia/Jakarta /etc/localtime\n"
        "echo Asia/Jakarta >/etc/timezone\n"
    ),
    Put("/etc/systemd/journald.conf.d/simpan.conf", "[Journal]\nStorage=persistent\nSystemMaxUse=200M\n"),
    Put(
        "/etc/rsyslog.d/60-pusat.conf",
        f'{MANAGED}action(type="omfwd" target="10.77.0.1" port="514" protocol="tcp")\n',
    ),
    *TIME_FROM_CENTRE,
)

WATCH: tuple[Step, ...] = (
    Put(
        "/etc/fail2ban/jail.local",
        "[sshd]\nenabled = true\nmaxretry = 5\n\n[nginx-http-auth]\nenabled = true\n",
    ),
    Put(
        "/etc/aide/aide.conf",
        "database_in=file:/var/lib/aide/aide.db\n"
        "database_out=file:/var/lib/aide/aide.db.new\n"
        "report_url=file:/var/log/aide/aide.log\n"
        "/etc/ssh p+u+g+sha256\n",
    ),
    Run(
        "install -d -m 700 /var/log/aide /var/lib/aide\n"
        "ln -sf /dev/null /etc/systemd/system/clamav-freshclam.service\n"
    ),
    Boot(
        "aide --config=/etc/aide/aide.conf --init >/dev/null\n"
        "mv /var/lib/aide/aide.db.new /var/lib/aide/aide.db\n"
        "aide --config=/etc/aide/aide.conf --check >/dev/null\n"
        # The head of a signature file tells its day; one hash is enough for a real scan.
        "echo \"ClamAV-VDB:$(LC_ALL=C date -u '+%d %b %Y %H-%M +0000'):1:1:90:X:X:lab:0\" "
        ">/var/lib/clamav/daily.cvd\n"
        "echo d41d8cd98f00b204e9800998ecf8427e:1:Uji >/root/satu.hdb\n"
        "clamscan --database=/root/satu.hdb --infected --recursive --log=/var/log/clamav/clamscan.log "
        "/var/www >/dev/null\n"
        "rm /root/satu.hdb\n"
    ),
)

WEB: tuple[Step, ...] = (
    Put(
        "/etc/nginx/sites-available/default",
        "server {\n"
        "  listen 80;\n"
        "  server_name data.contoh.go.id;\n"
        "  server_tokens off;\n"
        "  modsecurity on;\n"
        "  modsecurity_rules_file /etc/nginx/modsec/main.conf;\n"
        "  root /var/www/html;\n"
        "  location ~ \\.php$ {\n"
        "    include snippets/fastcgi-php.conf;\n"
        "    fastcgi_pass unix:/run/php/php-fpm.sock;\n"
        "  }\n"
        "}\n",
    ),
    Put(
        "/etc/nginx/modsec/main.conf",
        'SecRuleEngine On\nSecRule ARGS "@contains ../" "id:1001,phase:2,deny,status:403"\n',
    ),
    Put("/etc/php/8.2/fpm/conf.d/90-aman.ini", "session.cookie_httponly = 1\nsession.cookie_secure = 1\n"),
)

DATABASE: tuple[Step, ...] = (
    Put(
        "/etc/mysql/mariadb.conf.d/60-audit.cnf",
        "[mariadbd]\n"
        "plugin_load_add = server_audit\n"
        "server_audit_logging = ON\n"
        "server_audit_events = CONNECT,QUERY_DDL,QUERY_DCL\n"
        "log_error = /var/log/mysql/error.log\n"
        "log_warnings = 2\n",
    ),
)

REGISTER: tuple[Step, ...] = (
    Put("/etc/machine-info", "ASSET_TAG=3.05.02.01.001\nCLASSIFICATION=tinggi\n"),
    Put("/var/backups/registrasi/latest.dump", "salinan basis data\n", 0o600, age_days=0.2),
    Run("chmod 750 /var/backups/registrasi\n"),
)

EVERYTHING: tuple[Step, ...] = (
    *SSH,
    *NOTICES,
    *ACCOUNTS,
    *FIREWALL,
    *FILES,
    *LOGS,
    *WATCH,
    *WEB,
    *DATABASE,
    *REGISTER,
)
