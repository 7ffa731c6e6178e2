"""Facts about packages, patches and their sources, and about software that no package brought."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec(
        "host.package_lists_at",
        FactType.STRING,
        "age of what the host knows of security updates, RFC 3339: when its lists were published (apt) or"
        " last confirmed (dnf, yum), the oldest of them; null: it has no lists of security updates",
        True,
    ),
    FactSpec(
        "host.package_security_pending",
        FactType.RECORDS,
        "installed packages for which the lists have a security update; severity is null where the lists name"
        " none; since is the day of the advisory, or where the lists name no day the last complete upgrade or"
        " else the installation, RFC 3339, or null",
        record=("package", "installed", "available", "severity", "since"),
    ),
    FactSpec(
        "host.package_upgraded_at",
        FactType.STRING,
        "last complete upgrade in the history of apt, RFC 3339; null: none recorded",
        True,
    ),
    FactSpec("host.updates_automatic", FactType.BOOL, "the system installs security updates by itself"),
    FactSpec("host.update_jobs", FactType.STRINGS, "scheduled jobs that upgrade packages, by file"),
    FactSpec(
        "host.restart_pending_since",
        FactType.STRING,
        "since when updates wait for a restart, RFC 3339; null: none waits",
        True,
    ),
    FactSpec(
        "host.kernel_installed", FactType.STRING, "newest kernel in /boot; null: none, as in containers", True
    ),
    FactSpec(
        "host.package_sources",
        FactType.RECORDS,
        "where packages come from: name of the host, or a path for local ones; signed: checked",
        record=("host", "signed", "file"),
    ),
    FactSpec(
        "host.listening_programs",
        FactType.RECORDS,
        "files of the programs that listen; package is null where none owns it; replaced: the running file is"
        " no longer the one on the disk",
        record=("program", "package", "replaced"),
    ),
    FactSpec(
        "host.runtimes",
        FactType.RECORDS,
        "language runtimes, web servers and databases; source is a package or path; distribution: the package"
        " is the distribution's own",
        record=("product", "version", "source", "distribution"),
    ),
    FactSpec(
        "host.service_packages",
        FactType.RECORDS,
        "packages of the software in host.software, and openssl; security_pending: the lists have a security"
        " update of it",
        record=("software", "package", "version", "distribution", "security_pending"),
    ),
    FactSpec(
        "host.support_extension",
        FactType.STRING,
        "extended support that the host proves: ubuntu-esm or debian-elts; null: none",
        True,
    ),
    FactSpec("host.lock_files", FactType.STRINGS, "lists of an application's libraries that were found"),
    FactSpec(
        "host.libraries",
        FactType.RECORDS,
        "libraries of applications with flaws that are known to be exploited in some of their versions",
        record=("library", "version", "file"),
    ),
    FactSpec("host.attack_tools", FactType.STRINGS, "attack and mining tools, as packages or paths"),
    FactSpec("host.build_tools", FactType.STRINGS, "compilers and development packages"),
    FactSpec("host.pirated_signs", FactType.STRINGS, "signs of pirated software, by file"),
    FactSpec("host.nonfree_packages", FactType.STRINGS, "packages with a licence that is not free"),
    FactSpec("host.package_files_verified", FactType.STRINGS, "core packages whose files were compared"),
    FactSpec(
        "host.package_files_changed", FactType.STRINGS, "their programs and libraries that differ or are gone"
    ),
    FactSpec(
        "host.applications",
        FactType.RECORDS,
        "web applications found, by their files of the version",
        record=("application", "version", "path"),
    ),
    FactSpec(
        "host.core_files_newer",
        FactType.STRINGS,
        "core files of content management systems changed after the release was installed",
    ),
)
