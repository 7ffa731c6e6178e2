"""Facts of the area `backups`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_FILE = ("path", "modified", "size_bytes")

FACTS: tuple[FactSpec, ...] = (
    FactSpec(
        "host.backup_places",
        FactType.STRINGS,
        "directories that were looked through for backups, three levels deep: those with usual names",
    ),
    FactSpec(
        "host.backup_files",
        FactType.RECORDS,
        "files and directories in those places, newest first, at most 1200; modified is an instant",
        record=("path", "kind", "modified", "size_bytes", "mode", "owner"),
    ),
    FactSpec(
        "host.backup_listing_whole",
        FactType.BOOL,
        "true: every file of those places is listed; not read where there were more",
    ),
    FactSpec(
        "host.backup_exposed",
        FactType.STRINGS,
        "files in those places that every account of the server can read, those of the package manager aside",
    ),
    FactSpec("host.backup_tools", FactType.STRINGS, "programs for backups that are installed"),
    FactSpec(
        "host.backup_jobs", FactType.STRINGS, "scheduled files that name such a program: `file: program`"
    ),
    FactSpec(
        "host.database_dumps",
        FactType.RECORDS,
        "dumps of databases in those places, in homes and in temporary directories, by name, oldest first, at"
        " most 200",
        record=_FILE,
    ),
    FactSpec(
        "host.leftover_files",
        FactType.RECORDS,
        "files older than a week in temporary, export and download directories, oldest first, at most 200",
        record=_FILE,
    ),
    FactSpec(
        "host.record_stores",
        FactType.RECORDS,
        "directories of documents and archives, by usual names; open: accounts outside of owner and group"
        " reach them",
        record=("path", "mode", "owner", "open"),
    ),
    FactSpec(
        "host.evidence_stores",
        FactType.STRINGS,
        "what keeps evidence unchanged: remote log, hash list, sealed journal, append-only log, snapshots",
    ),
)
