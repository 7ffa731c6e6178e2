"""Postfix: SMTP, submission, and SMTP with TLS from the first byte. It never passes a message on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.tls import STRONG

_MASTER = "/usr/lib/postfix/sbin/master"


@dataclass(frozen=True, slots=True)
class Postfix:
    """Postfix on 25 and 587, and on 465 when `implicit_tls`.

    `tls_on_25` offers STARTTLS there; `login_before_tls` offers AUTH in the clear on 25 and 587;
    `show_version` puts the version into the greeting; `relay` takes mail of anybody for anybody, and throws
    it away; `verify` tells by VRFY which mailbox exists; it takes mail for `mailboxes`. AUTH needs Dovecot
    on the same server.
    """

    server_name: str
    certificate: Shape
    tls_on_25: bool = True
    login_before_tls: bool = False
    show_version: bool = False
    implicit_tls: bool = True
    relay: bool = False
    verify: bool = False
    mailboxes: tuple[str, ...] = ()
    name: str = "postfix"
    software: str = "postfix"
    version_command: tuple[str, ...] = ("postconf", "-h", "mail_version")

    @property
    def ports(self) -> tuple[tuple[int, str], ...]:
        """Return 25 and 587, and 465 when it is on."""
        return ((25, "smtp"), (587, "smtp"), *([(465, "smtps")] if self.implicit_tls else []))

    def launch(self, place: Place) -> Launch:
        """Write main.cf and master.cf and make the queue."""
        served = place.certificate(self.certificate)
        log = place.directory / "mail.log"
        banner = "$myhostname ESMTP" + (" Postfix $mail_version (Debian/GNU)" if self.show_version else "")
        place.write(
            "main.cf",
            _MAIN.format(
                server_name=self.server_name,
                directory=place.directory,
                address=place.address,
                log=log,
                banner=banner,
                chain=served.both,
                ciphers=STRONG.ciphers,
                socket=auth_socket(place.directory.parent),
                networks="127.0.0.0/8" if self.relay else f"{place.address}/32",
                restrictions="permit_mynetworks, reject" if self.relay else self._restrictions(),
                destination=self.server_name if self.verify else "",
                recipients="inline:{postmaster=yes}" if self.verify else "",
                transport="discard" if self.relay or self.mailboxes else "error:the lab delivers nothing",
                no_verify="no" if self.verify else "yes",
            ),
        )
        place.write("master.cf", "\n".join(self._services(place.address)) + "\n" + _INTERNAL)
        _make_queue(place)
        return Launch((_MASTER, "-c", str(place.directory), "-d"), logs=(log,))

    def _restrictions(self) -> str:
        known = ", ".join(f"{{{address} = OK}}" for address in self.mailboxes)
        return f"check_recipient_access inline:{{{known}}}, reject" if known else "reject"

    def _services(self, address: str) -> Iterator[str]:
        auth = "-o smtpd_sasl_auth_enable=yes"
        level_25 = "may" if self.tls_on_25 else "none"
        level_587 = "may" if self.login_before_tls else "encrypt"
        tls_only = f"-o smtpd_tls_auth_only={'no' if self.login_before_tls else 'yes'}"
        auth_25 = f" {auth} {tls_only}" if self.login_before_tls else ""
        yield f"{address}:25 inet n - n - 50 smtpd -o smtpd_tls_security_level={level_25}{auth_25}"
        yield f"{address}:587 inet n - n - 50 smtpd -o smtpd_tls_security_level={level_587} {auth} {tls_only}"
        if self.implicit_tls:
            yield f"{address}:465 inet n - n - 50 smtpd -o smtpd_tls_wrappermode=yes {auth}"


_MAIN = """\
compatibility_level = 3.6
myhostname = {server_name}
mydestination = {destination}
local_recipient_maps = {recipients}
alias_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = {networks}
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {log}
maillog_file_prefixes = {directory}
smtpd_banner = {banner}
smtpd_relay_restrictions = {restrictions}
smtpd_recipient_restrictions = {restrictions}
default_transport = {transport}
disable_vrfy_command = {no_verify}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {socket}
smtpd_sasl_security_options = noanonymous
smtpd_tls_chain_files = {chain}
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_tls_ciphers = high
smtpd_tls_mandatory_ciphers = high
tls_high_cipherlist = {ciphers}
tls_preempt_cipherlist = yes
smtpd_tls_eecdh_grade = auto
tls_eecdh_auto_curves = X25519 prime256v1
"""
_INTERNAL = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_QUEUE = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved",
    "trace",
)  # fmt: skip


def auth_socket(server_directory: Path) -> Path:
    """Return the socket on which the server's Dovecot answers for logins."""
    return server_directory / "dovecot" / "run" / "postfix-auth"


def _make_queue(place: Place) -> None:
    place.folder("queue")
    place.folder("queue/pid")
    place.folder("data", "postfix", 0o700)
    for name in _QUEUE:
        place.folder(f"queue/{name}", "postfix", 0o700)
    for name, mode in (("maildrop", 0o1730), ("public", 0o2710)):
        path = place.folder(f"queue/{name}", "postfix", mode)
        shutil.chown(path, group="postdrop")
        path.chmod(mode)
