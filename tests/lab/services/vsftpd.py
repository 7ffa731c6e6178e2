"""vsftpd: FTP with mandatory TLS, or the anonymous kind."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.certificates import Shape
from tests.lab.model import Launch, Place


@dataclass(frozen=True, slots=True)
class Vsftpd:
    """vsftpd on port 21: with a certificate nobody logs in before AUTH TLS.

    Without, passwords travel in the clear, and anybody may log in when it is `anonymous`.
    """

    certificate: Shape | None = None
    anonymous: bool = True
    name: str = "vsftpd"
    software: str = "vsftpd"
    ports: tuple[tuple[int, str], ...] = ((21, "ftp"),)
    version_command: tuple[str, ...] = ("vsftpd", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the configuration and a directory to show."""
        place.folder("files/umum")
        place.write("files/umum/pengumuman.txt", "Pengumuman\n")
        text = _MAIN.format(
            address=place.address, files=place.directory / "files", empty=place.folder("empty", mode=0o555)
        )
        if self.certificate:
            served = place.certificate(self.certificate)
            text += _TLS.format(chain=served.chain, key=served.key)
        elif self.anonymous:
            text += "anonymous_enable=YES\nno_anon_password=YES\n"
        else:
            text += "anonymous_enable=NO\n"
        return Launch(("vsftpd", str(place.write("vsftpd.conf", text))))


_MAIN = """\
listen=YES
listen_ipv6=NO
listen_address={address}
background=NO
local_enable=YES
write_enable=NO
anon_root={files}
secure_chroot_dir={empty}
ftpd_banner=Layanan berkas
connect_from_port_20=NO
xferlog_enable=NO
seccomp_sandbox=NO
"""
_TLS = """\
anonymous_enable=NO
ssl_enable=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
ssl_sslv2=NO
ssl_sslv3=NO
ssl_tlsv1=NO
ssl_ciphers=ECDHE+AESGCM:ECDHE+CHACHA20
rsa_cert_file={chain}
rsa_private_key_file={key}
"""
