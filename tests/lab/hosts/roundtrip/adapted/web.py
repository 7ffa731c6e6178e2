"""Remedies about web sites and containers."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.hosts.roundtrip.adapted.shown import words
from tests.lab.hosts.roundtrip.model import Adapted

_KEEP: tuple[str, ...] = ()
_SITE = {"/var/www/situs": "/var/www/html"}
_FILE = {"/etc/nginx/sites-available/situs": "/etc/nginx/sites-available/default"}
_CONF = "/etc/nginx/sites-available/default"
_DEPLOY = "id deploy 2>/dev/null || useradd --system deploy"

WEB: Mapping[str, Adapted] = {
    "logs-web-complete": Adapted(place="/etc/nginx/sites-available/default"),
    "php-settings-safe": Adapted({"8.2": "7.4"}),
    "web-backups-absent": Adapted({"/var/www/situs/public/": "/var/www/html/"}),
    "web-code-unwritable": Adapted({**_SITE, "/uploads": "/wp-content/uploads"}, ready=_DEPLOY),
    "web-debug-off": Adapted(_SITE),
    "web-personal-data-absent": Adapted(_SITE),
    "web-repositories-unserved": Adapted(_FILE),
    "web-repository-credentials-absent": Adapted(
        {**_SITE, "sudo -u deploy": "sudo -u www-data"},
        ready=(
            "apt-get install git\nchown -R www-data:www-data /var/www/html\n"
            "sudo -u www-data git init /var/www/html"
        ),
    ),
    "web-secrets-not-coded": Adapted({**_SITE, "mysqldump --defaults": _KEEP}),
    "web-secrets-private": Adapted(
        {**_FILE, "/var/www/situs/.env": words("host.web_secrets_readable")},
        ready=_DEPLOY,
        software=("debian", "nginx"),
    ),
    "web-shell-signs-absent": Adapted({"FILE": words("host.web_shell_signs")}),
    "web-sites-isolated": Adapted(
        {
            "8.2": "7.4",
            "s|unix:": "/server_name dinpora/,$s|unix:",
            "/etc/nginx/sites-available/dinkes": "/etc/nginx/sites-available/default",
            "dinkes": "dinpora",
        }
    ),
    "web-test-sites-absent": Adapted(
        {
            "rm /etc/nginx/sites-enabled/uji": f"sed -i '/server_name uji/d' {_CONF}",
            "simpeg_uji": "test",
        }
    ),
    "web-uploads-not-run": Adapted(_FILE),
    "containers-images-fixed": Adapted(
        {
            "    image: docker.io/library/nginx:1.28.0": (
                "    image: aplikasi:1.0\n    command: /usr/bin/sleep 1000000\n    network_mode: none"
            ),
            "compose --project-directory /srv/simpeg pull": _KEEP,
            "OLD": "$(docker ps --quiet --filter ancestor=aplikasi:latest)",
            "docker compose": "docker-compose",
        },
        ready=(
            "apt-get install docker-compose\ndocker tag aplikasi:latest aplikasi:1.0\n"
            "docker rm --force $(docker ps --quiet)\n"
            "docker run --detach --volume /var/run/docker.sock:/var/run/docker.sock --network host"
            " aplikasi:latest /usr/bin/sleep 1000000\n"
        ),
    ),
    "containers-rights-limited": Adapted(
        {
            "    image: registry.contoh.go.id/simpeg:1.4.2": (
                "    image: aplikasi:1.0\n    command: /usr/bin/sleep 1000000\n    network_mode: none"
            ),
            "    ports:": _KEEP,
            # What the image is made of belongs to others than its root.
            "NET_BIND_SERVICE": "DAC_OVERRIDE",
            "OLD": "$(docker ps --quiet)",
            "docker compose": "docker-compose",
        },
        breaks=(
            "docker run --detach --volume /var/run/docker.sock:/var/run/docker.sock --network host"
            " aplikasi:1.0 /usr/bin/sleep 1000000\n"
        ),
    ),
}
