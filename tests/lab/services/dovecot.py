"""Dovecot: IMAP and POP3, and the login service behind Postfix. No account exists in it but those given."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place
from tests.lab.services.postfix import auth_socket
from tests.lab.tls import STRONG


@dataclass(frozen=True, slots=True)
class Dovecot:
    """Dovecot on 143, 993, 110 and 995. `login_before_tls` lets passwords travel in the clear.

    `accounts` are lines of its list of accounts, such as `tilik:{PLAIN}password`.
    """

    certificate: Shape
    login_before_tls: bool = False
    name: str = "dovecot"
    software: str = "dovecot"
    ports: tuple[tuple[int, str], ...] = ((143, "imap"), (993, "imaps"), (110, "pop3"), (995, "pop3s"))
    version_command: tuple[str, ...] = ("dovecot", "--version")
    accounts: tuple[str, ...] = ()

    def launch(self, place: Place) -> Launch:
        """Write the configuration and the list of accounts."""
        served = place.certificate(self.certificate)
        place.folder("run")
        accounts = place.write("accounts", "".join(f"{line}\n" for line in self.accounts), 0o600)
        if self.accounts:
            shutil.chown(accounts, "dovecot")
        log = place.directory / "dovecot.log"
        configuration = place.write(
            "dovecot.conf",
            _MAIN.format(
                directory=place.directory,
                address=place.address,
                accounts=accounts,
                log=log,
                chain=served.chain,
                key=served.key,
                ciphers=STRONG.ciphers,
                ssl="yes" if self.login_before_tls else "required",
                disable_plaintext="no" if self.login_before_tls else "yes",
                socket=auth_socket(place.directory.parent),
            ),
        )
        return Launch(("dovecot", "-F", "-c", str(configuration)), logs=(log,))


_MAIN = """\
base_dir = {directory}/run
state_dir = {directory}/run
log_path = {log}
instance_name = {address}
protocols = imap pop3
listen = {address}
mail_location = maildir:{directory}/mail/%u
login_greeting = Siap.
auth_mechanisms = plain login
disable_plaintext_auth = {disable_plaintext}
default_vsz_limit = 128 M
ssl = {ssl}
ssl_cert = <{chain}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
ssl_cipher_list = {ciphers}
ssl_curve_list = X25519:prime256v1
ssl_prefer_server_ciphers = yes
passdb {{
  driver = passwd-file
  args = {accounts}
}}
userdb {{
  driver = passwd-file
  args = {accounts}
}}
service imap-login {{
  process_min_avail = 1
  service_count = 0
}}
service pop3-login {{
  process_min_avail = 1
  service_count = 0
}}
service auth {{
  unix_listener {socket} {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service stats {{
  chroot =
}}
"""
