"""Judge what the walks found against what is served. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from auditor.model.facts import JSON
from scanners.host.report import Reason, Report, Unread
from scanners.host.web.site import Site, below
from scanners.host.web.sites import (
    applications,
    complete,
    path_within,
    served,
    sites,
    users,
    whole,
    writable_by,
)
from scanners.host.web.walk import Entry, Walk, open_to_all, plain, read_walk, signs, told, under

_NOT_OURS = re.compile(r"/(vendor|tests?|examples?|samples?|fixtures|stubs)/")
_SAMPLE = re.compile(r"\.(example|sample|dist|template|tpl|default)$|^koneksi.*\.(md|txt)$")
_DUMP = re.compile(r"\.(sql|sql\.(gz|bz2|xz|zip)|dump|wpress)$")
_SHIPPED = re.compile(
    r"/(administrator/components|installation|install|installer|setup|migrations?|updates?|upgrades?|plugins"
    r"|modules|components|extensions|vendor|schemas?|doc|docs|tests?|lib|libraries|packages)/"
)
"""Parts of applications that bring dumps of their own."""
_ARCHIVE = re.compile(r"\.(zip|rar|7z|tar|tar\.\w+|tgz)$")
_BACKUP_WORDS = re.compile(
    r"backup|bak|bckup|bkp|cadangan|dump|database|(^|[^a-z])(db|www|html|htdocs|public_html|web|site|source|src)"
    r"([^a-z]|$)"
)
_ALWAYS_UPLOADS = re.compile(r"/(uploads?|userfiles|user_files|attachments?)$", re.IGNORECASE)


def code_writable(report: Report) -> JSON:
    """Return folders and code that a web account may write, upload and cache folders aside."""
    walk, accounts = read_walk(report), users(report)
    folders = applications(report, walk)
    found = [
        f"{kind.top}: {kind.count} {'folders' if kind.folders else 'files'}"
        f" {kind.mode:04o} {kind.owner}:{kind.group}"
        for kind in walk.kinds
        if any(below(kind.top, folder) or below(kind.example, folder) for folder in folders)
        if writable_by(accounts, kind.mode, kind.owner, kind.group)
    ]
    return complete(report, found)


def uploads(report: Report) -> JSON:
    """Return the upload folders below document roots."""
    walk = read_walk(report)
    return complete(report, (entry.path for entry in _uploads(report, walk)))


def _uploads(report: Report, walk: Walk) -> list[Entry]:
    accounts = users(report)
    return [
        entry
        for entry in under(walk.tagged("upload"), served(report, walk))
        if _ALWAYS_UPLOADS.search(entry.path) or writable_by(accounts, entry.mode, entry.owner, entry.group)
    ]


def uploads_running(report: Report) -> JSON:
    """Return the upload folders in which a script would be run."""
    walk = read_walk(report)
    stopped = [(kind, path.rpartition("/")[0]) for kind, path in told(report, "noscript")]

    def runs(site: Site, path: str, entry: Entry) -> bool:
        script = path.rstrip("/") + "/x.php"
        return site.runs(script) and not _kept_by_file(site, script, entry, stopped)

    return complete(report, _reachable(report, walk, _uploads(report, walk), runs))


def _kept_by_file(site: Site, path: str, entry: Entry, rules: list[tuple[str, str]]) -> bool:
    """Return whether a file .htaccess above an entry keeps a script from being run."""
    own_process = any(pool.startswith("user ") for pool in site.pools)
    kept = any(below(entry.path, folder) and (kind != "engine" or own_process) for kind, folder in rules)
    return kept and site.server == "apache" and site.overrides(path)


def _reachable(
    report: Report, walk: Walk, entries: list[Entry], reached: Callable[[Site, str, Entry], bool]
) -> list[str]:
    """Return the paths that a site serves so; raise ValueError where that is unclear and none was found."""
    found, unclear = [], ""
    listed = sites(report)
    for entry in entries:
        for site in listed:
            path = path_within(site, walk, entry.path)
            if path is None:
                continue
            try:
                if reached(site, path, entry):
                    found.append(entry.path)
                    break
            except ValueError as error:
                unclear = str(error)
    if unclear and not found:
        raise ValueError(unclear)
    return found


def repositories(report: Report) -> JSON:
    """Return the repositories below document roots that no rule keeps from being fetched."""
    walk = read_walk(report)
    refused = [path.rpartition("/")[0] for _, path in told(report, "norepo")]

    def fetched(site: Site, path: str, entry: Entry) -> bool:
        by_file = site.server == "apache" and any(below(entry.path, folder) for folder in refused)
        if by_file and site.overrides(path):
            return False
        return not (site.refuses(f"{path}/config") or site.refuses(path))

    return complete(report, _reachable(report, walk, walk.tagged("repo"), fetched))


def backups(report: Report) -> JSON:
    """Return dumps, copies and archives of backups below document roots."""
    walk = read_walk(report)
    found = (one.path for one in under(walk.tagged("backup"), served(report, walk)) if _is_backup(one.path))
    return complete(report, found)


def _is_backup(path: str) -> bool:
    low = path.lower()
    name = low.rpartition("/")[2]
    if _NOT_OURS.search(low):
        return False
    if _ARCHIVE.search(name):
        return _BACKUP_WORDS.search(name) is not None or "/backup" in low
    return not (_DUMP.search(name) and _SHIPPED.search(low))


def _secrets(walk: Walk) -> list[Entry]:
    entries = [*walk.tagged("secret")]
    return [
        one
        for one in entries
        if not _NOT_OURS.search(one.path.lower()) and not _SAMPLE.search(one.path.rpartition("/")[2].lower())
    ]


def secrets(report: Report) -> JSON:
    """Return the files with secrets of applications."""
    return complete(report, (entry.path for entry in _secrets(read_walk(report))))


def secrets_readable(report: Report) -> JSON:
    """Return the files with secrets that every account of the host can read, each with its mode."""
    walk = read_walk(report)
    closed = [entry.path for entry in walk.tagged("closed")]
    found = (
        f"{one.path} {one.mode:04o} {one.owner}:{one.group}"
        for one in _secrets(walk)
        if open_to_all(one, closed)
    )
    return complete(report, found)


def secrets_served(report: Report) -> JSON:
    """Return the files with secrets that a site hands out as they are."""
    walk = read_walk(report)
    # Code is run, and what it returns holds no secret.
    files = [entry for entry in _secrets(walk) if not entry.path.endswith(".php")]

    def handed_out(site: Site, path: str, _: Entry) -> bool:
        return not site.refuses(path)

    return complete(report, _reachable(report, walk, files, handed_out))


def web_shell_signs(report: Report) -> JSON:
    """Return code with patterns of web shells, and scripts in upload folders."""
    walk = read_walk(report)
    misplaced = (f"{entry.path}: script in an upload folder" for entry in walk.tagged("misplaced"))
    return complete(report, [*signs(report), *misplaced])


def debug_flags(report: Report) -> JSON:
    """Return the settings that switch debugging on or name an environment other than production."""
    found = (f"{path}: {name}" for name, path in told(report, "flag") if not _is_sample(path))
    return complete(report, found)


def _is_sample(path: str) -> bool:
    return bool(_NOT_OURS.search(path.lower()) or _SAMPLE.search(path.rpartition("/")[2].lower()))


def repository_credentials(report: Report) -> JSON:
    """Return remote addresses with a user or token, stored logins of git, and private keys beside code."""
    walk = read_walk(report)
    folders = applications(report, walk)
    stored = (
        f"{one.path}: stored login" for one in walk.tagged("secret") if one.path.endswith("/.git-credentials")
    )
    keys = (
        f"{one.path}: private key"
        for one in under(walk.tagged("secret"), folders)
        if re.search(r"/id_(rsa|dsa|ecdsa|ed25519)$", one.path)
    )
    remotes = (f"{path}: user or token in a remote address" for _, path in told(report, "token"))
    return complete(report, [*stored, *keys, *remotes])


def hard_coded(report: Report) -> JSON:
    """Return code, scripts, scheduled jobs and shell histories with a pattern of a secret."""
    found = sorted({f"{path}: {name}" for name, path in told(report, "coded") if not _is_sample(path)})
    return complete(report, found)


def databases(report: Report) -> JSON:
    """Return the databases of MySQL or MariaDB, by their folders."""
    walk = read_walk(report)
    names = {entry.path.rpartition("/")[2] for entry in walk.tagged("base")}
    own = {"mysql", "performance_schema", "sys", "information_schema"}
    return [*sorted(_decoded(name) for name in names - own if not name.startswith(("#", ".")))]


def _decoded(name: str) -> str:
    return re.sub(r"@([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), name)


def personal_data(report: Report) -> JSON:
    """Return folders below document roots and public shares with numbers of people, counted on the host."""
    walk = read_walk(report)
    lines = report.lines("web-personal")
    if not any(line.startswith("total ") for line in lines[-1:]):
        raise Unread(Reason.BROKEN_OFF, "web-personal")
    public = [*served(report, walk), "/srv/ftp", "/srv/samba", "/var/ftp", "/var/lib/ftp", "/srv/tftp"]
    found = [
        one for one in _folders(lines, "folder") if any(below(str(one["folder"]), root) for root in public)
    ]
    if not found:
        whole(report)
        complete(report, [])
        if any(re.fullmatch(r"missing [1-9]\d*", line) for line in lines):
            raise Unread(Reason.TOOL_MISSING, "unzip, for spreadsheets and documents")
    return [*found]


def _folders(lines: list[str], tag: str) -> Iterator[dict[str, JSON]]:
    for line in lines:
        if one := re.fullmatch(rf"{tag} (\d{{1,9}}) (\d{{1,12}}) (/.*)", line):
            yield {"folder": plain(one[3]), "files": int(one[1]), "numbers": int(one[2])}


def documents_unread(report: Report) -> JSON:
    """Return how many documents below document roots were not looked into."""
    roots = served(report, read_walk(report))
    return sum(
        int(str(one["files"]))
        for one in _folders(report.lines("web-personal"), "unlooked")
        if any(below(str(one["folder"]), root) for root in roots)
    )
