"""Facts of the area `web`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType


def _list(name: str, meaning: str) -> FactSpec:
    return FactSpec(f"host.{name}", FactType.STRINGS, meaning)


FACTS: tuple[FactSpec, ...] = (
    _list("web_servers", "web servers set up or running: apache, nginx, lighttpd, caddy, litespeed"),
    _list("web_roots", "folders that nginx and Apache serve files from, by their configuration"),
    _list("web_roots_not_looked_at", "of these, those outside of the places that are looked through"),
    _list("web_site_names", "names of the sites in the configuration"),
    _list("web_offices", "names directly below the organisation's domain that these sites belong to"),
    _list("web_shared_accounts", "accounts that run scripts of sites of several such names, with those"),
    _list("web_versions_shown", "servers and sites set to show their version"),
    _list("web_accounts", "accounts that the web servers work as"),
    FactSpec("host.web_firewall", FactType.STRING, "application firewall: on, detection only, off or absent"),
    FactSpec("host.web_firewall_rules", FactType.INT, "how many rules or files of rules it has"),
    _list("web_certificates", "certificate files in the configuration, without those made at installation"),
    _list("web_renewals", "what renews certificates by itself: timers, scheduled jobs, servers"),
    _list("web_renewals_failed", "renewals whose last run failed, with systemd's result"),
    _list(
        "web_code_writable", "code and folders that a web account may write, upload and cache folders aside"
    ),
    _list("web_uploads", "upload folders below document roots"),
    _list("web_uploads_running", "of these, those in which a script would be run"),
    _list("web_repositories", "repositories below document roots that no rule keeps from being fetched"),
    _list(
        "web_repository_credentials", "remote addresses with a user or token, stored logins, keys beside code"
    ),
    _list("web_backups", "dumps, copies and archives of backups below document roots"),
    _list("web_secrets", "files with secrets of applications"),
    _list("web_secrets_readable", "of these, those that every account can read, with mode and owner"),
    _list("web_secrets_served", "of these, those that a site hands out as they are"),
    _list("web_hard_coded", "code, scripts, jobs and shell histories with a pattern of a secret"),
    _list(
        "web_debug_flags", "settings that switch debugging on or name an environment other than production"
    ),
    _list("web_shell_signs", "code with patterns of web shells, and scripts in upload folders"),
    _list("web_databases", "databases of MySQL or MariaDB by their folders"),
    FactSpec(
        "host.web_personal_data",
        FactType.RECORDS,
        "public folders whose tables, dumps or texts hold NIK or KK, with how many files and lines",
        record=("folder", "files", "numbers"),
    ),
    FactSpec(
        "host.web_documents_unread", FactType.INT, "PDFs, archives and large files that were not looked into"
    ),
    _list("php_places", "folders of PHP settings that serve sites, with each pool"),
    _list("php_version_shown", "of these, where expose_php is on"),
    _list("php_errors_shown", "of these, where display_errors is on"),
    _list("php_url_include", "of these, where allow_url_include is on"),
    _list("php_cookies_to_scripts", "of these, where session.cookie_httponly is off"),
    _list("php_cookies_unencrypted", "of these, where session.cookie_secure is off"),
    _list("containers", "containers that run, by name"),
    _list(
        "container_full_rights",
        "of these, privileged ones, or with the host's files, processes or all rights",
    ),
    _list("container_sockets", "of these, those that hold the socket of a container engine"),
    _list("container_host_network", "of these, those in the network of the host"),
    FactSpec(
        "host.container_images",
        FactType.RECORDS,
        "images of running containers: whether the reference is fixed, when it was built (RFC 3339)",
        record=("container", "image", "fixed", "built"),
    ),
)
