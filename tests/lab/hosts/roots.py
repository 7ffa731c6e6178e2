"""Make root file systems with debootstrap, and keep them so that the next time is quick."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from tests.lab.hosts.command import command, in_root
from tests.lab.hosts.model import Release, digest
from tests.lab.model import LabError

_RECIPE = 1
"""Raise it when what is done here changes."""
_FRESH_SECONDS = 5 * 86400
"""An older root lacks updates that a well-kept host would have."""
_FIRST = ("ca-certificates", "dbus", "systemd-sysv")
_DONT_START = "#!/bin/sh\nexit 101\n"
_INSTALL = """
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get update -q
apt-get upgrade -q -y -o DPkg::Options::=--force-unsafe-io
apt-get install -q -y --no-install-recommends -o DPkg::Options::=--force-unsafe-io {packages}
apt-get clean
rm -f /etc/resolv.conf /etc/ssh/ssh_host_*
"""


def root_digest(release: Release, packages: tuple[str, ...]) -> str:
    """Return a digest of what a root file system is made of."""
    return digest(_RECIPE, release, sorted(packages), _INSTALL)


def build_root(release: Release, packages: tuple[str, ...], folder: Path) -> Path:
    """Return the root file system of a release with these packages, made if there is none that is fresh.

    Raise LabError when debootstrap or apt cannot make it.
    """
    root = folder / f"{release.id}-{root_digest(release, packages)}"
    complete = _mark(root)
    if complete.exists() and time.time() - complete.stat().st_mtime < _FRESH_SECONDS:
        return root
    complete.unlink(missing_ok=True)
    for old in folder.glob(f"{release.id}-*"):
        if old.is_dir() and not _used(old):
            shutil.rmtree(old)
            _mark(old).unlink(missing_ok=True)
    if root.exists():
        raise LabError(f"{root} is in use and too old; run: python -m tests.lab.hosts down, then up again")
    _debootstrap(release, root)
    _install(release, packages, root)
    complete.touch()
    return root


def _mark(root: Path) -> Path:
    """Return the file that says a root is whole; a release's name has dots of its own."""
    return root.with_name(f"{root.name}.complete")


def _used(root: Path) -> bool:
    return f"lowerdir={root}," in Path("/proc/self/mounts").read_text()


def _debootstrap(release: Release, root: Path) -> None:
    root.mkdir(parents=True)
    scripts = Path("/usr/share/debootstrap/scripts")
    if not (scripts / release.script).exists():
        raise LabError(f"debootstrap knows no {release.script}; install a newer debootstrap")
    signed = f"--keyring={release.keyring}" if Path(release.keyring).exists() else "--no-check-gpg"
    command(
        [
            *("debootstrap", "--variant=minbase", signed, f"--components={','.join(release.components)}"),
            *(f"--include={','.join(_FIRST)}", release.suite, str(root), ""),
            *(() if release.script == release.suite else (str(scripts / release.script),)),
        ]
    )


def _install(release: Release, packages: tuple[str, ...], root: Path) -> None:
    sources = root / "etc/apt/sources.list"
    sources.write_text(_with_updates(sources.read_text(), release))
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text(_DONT_START)
    policy.chmod(0o755)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    in_root(root, _INSTALL.format(packages=" ".join(packages)))


def _with_updates(sources: str, release: Release) -> str:
    """Add the suites of updates to what debootstrap wrote, at the mirror that it chose."""
    kind, mirror, _, *components = sources.split()
    lines = [sources.strip()]
    for one in release.updates:
        suite, _, beside = one.partition(" ")
        lines.append(" ".join((kind, mirror.rstrip("/") + beside, suite, *components)))
    return "\n".join(lines) + "\n"
