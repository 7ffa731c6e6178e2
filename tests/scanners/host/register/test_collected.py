"""Of which files of the configuration a digest is made."""

from __future__ import annotations

from scanners.host.register.area import REGISTER
from scanners.host.register.parts import KNOWN_TO_ALL


def test_no_digest_is_made_of_files_that_may_hold_a_password() -> None:
    command = REGISTER.privileged["register-configuration"]
    hashed = command[: command.index("sha256sum")]
    tested = {hashed[at + 1] for at, word in enumerate(hashed) if word == "-path"} - {"*[[:cntrl:]]*"}
    assert tested == {*KNOWN_TO_ALL, *(f"{path}/*" for path in KNOWN_TO_ALL)}
    for path in ("/etc/cron.d", "/etc/yum.repos.d", "/etc/apt/sources.list.d", "/etc/nginx", "/etc/fstab"):
        assert path not in tested
