"""A handful of checks with remedies, standing in for the catalogue."""

from __future__ import annotations

from auditor.model.check import Check, Confidence, ControlLinks, Reference, Remedy, Severity
from auditor.model.inventory import Layer
from auditor.model.subject import SubjectKind

TLS_CONTROLS = {
    "2013": ControlLinks(("A.13.1.1", "A.14.1.2"), ("A.10.1.1",)),
    "2022": ControlLinks(("A.8.20", "A.8.24"), ()),
}
LOGIN_CONTROLS = {
    "2013": ControlLinks(("A.9.4.2", "A.13.1.2"), ()),
    "2022": ControlLinks(("A.8.5", "A.8.21"), ("A.5.15",)),
}
WEB_CONTROLS = {
    "2013": ControlLinks(("A.14.1.2",), ("A.12.6.1", "A.18.2.3")),
    "2022": ControlLinks(("A.8.9", "A.8.26"), ("A.8.8",)),
}


def remedy(software: str, en: str, id_: str, config: str = "", verify: str = "") -> Remedy:
    return Remedy(software, {"en": en, "id": id_}, config, verify)


def check(
    id_: str,
    severity: Severity,
    title: tuple[str, str],
    controls: dict[str, ControlLinks],
    remedies: tuple[Remedy, ...],
    *,
    subject: SubjectKind = SubjectKind.TLS,
    layer: Layer = Layer.APPLICATION,
    effort_hours: float = 0.5,
    confidence: Confidence = Confidence.MEASURED,
) -> Check:
    return Check(
        id=id_,
        title={"en": title[0], "id": title[1]},
        severity=severity,
        confidence=confidence,
        subject=subject,
        layer=layer,
        consent=False,
        applies="true",
        passes="true",
        parameters=(),
        observed={},
        expected={},
        controls=controls,
        references=(Reference("RFC 8996", "2"),),
        why={
            "en": "Whoever sits on the way can read or change what is sent, passwords included.",
            "id": "Pihak yang berada di jalur data dapat membaca atau mengubah data yang dikirim, "
            "termasuk kata sandi.",
        },
        remediation=remedies,
        effort_hours=effort_hours,
        examples={},
        no_example={},
    )


_NGINX_TLS = remedy(
    "nginx",
    "Allow TLS 1.2 and 1.3 only, then reload nginx.",
    "Izinkan hanya TLS 1.2 dan 1.3, lalu muat ulang nginx.",
    "server {\n    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_prefer_server_ciphers off;\n    }\n",
    "openssl s_client -connect {address}:{port} -servername {server_name} -tls1",
)
_APACHE_TLS = remedy(
    "apache",
    "Allow TLS 1.2 and 1.3 only, then reload Apache.",
    "Izinkan hanya TLS 1.2 dan 1.3, lalu muat ulang Apache.",
    "SSLProtocol -all +TLSv1.2 +TLSv1.3\n",
    "openssl s_client -connect {address}:{port} -servername {server_name} -tls1",
)

CHECKS = {
    one.id: one
    for one in (
        check(
            "redis-authentication-required",
            Severity.CRITICAL,
            ("Redis asks for a password", "Redis meminta kata sandi"),
            LOGIN_CONTROLS,
            (
                remedy(
                    "redis",
                    "Set a long password and listen on the loopback address only.",
                    "Tetapkan kata sandi panjang dan dengarkan hanya pada alamat loopback.",
                    "bind 127.0.0.1\nrequirepass <kata sandi panjang>\n",
                    "redis-cli -h {address} -p {port} INFO",
                ),
            ),
            subject=SubjectKind.SERVICE,
            effort_hours=1.0,
        ),
        check(
            "http-secrets-absent",
            Severity.CRITICAL,
            ("No secrets are served", "Berkas rahasia tidak tersaji"),
            WEB_CONTROLS,
            (remedy("any", "Move the file out of the web root.", "Pindahkan berkas dari folder web."),),
            subject=SubjectKind.HTTP,
            effort_hours=0.5,
        ),
        check(
            "tls-1-0-refused",
            Severity.HIGH,
            ("TLS 1.0 is refused", "TLS 1.0 ditolak"),
            TLS_CONTROLS,
            (_NGINX_TLS, _APACHE_TLS),
        ),
        check(
            "ssh-password-refused",
            Severity.HIGH,
            ("SSH refuses passwords", "SSH menolak kata sandi"),
            LOGIN_CONTROLS,
            (
                remedy(
                    "openssh",
                    "Allow keys only, after every administrator has one.",
                    "Izinkan hanya kunci, setelah setiap administrator memilikinya.",
                    "PasswordAuthentication no\nKbdInteractiveAuthentication no\n",
                    "ssh -o PreferredAuthentications=none -p {port} {address}",
                ),
            ),
            subject=SubjectKind.SSH,
            layer=Layer.HOST,
            effort_hours=2.0,
        ),
        check(
            "certificate-not-expiring",
            Severity.MEDIUM,
            ("The certificate stays valid for a month", "Sertifikat masih berlaku sebulan ke depan"),
            TLS_CONTROLS,
            (remedy("any", "Renew it now.", "Perbarui sertifikat sekarang juga."),),
            subject=SubjectKind.CERTIFICATE,
            layer=Layer.CERTIFICATE,
        ),
        check(
            "http-hsts-long",
            Severity.MEDIUM,
            ("HSTS is set for a long time", "HSTS dipasang untuk waktu lama"),
            WEB_CONTROLS,
            (
                remedy(
                    "nginx",
                    "Send the header on every answer.",
                    "Kirim tajuk ini pada setiap jawaban.",
                    'add_header Strict-Transport-Security "max-age=31536000" always;\n',
                    "curl -sI https://{server_name}:{port}/",
                ),
            ),
            subject=SubjectKind.HTTP,
            effort_hours=0.25,
        ),
        check(
            "http-version-hidden",
            Severity.LOW,
            ("The version is hidden", "Versi perangkat lunak disembunyikan"),
            WEB_CONTROLS,
            (
                remedy(
                    "nginx", "Switch the version off.", "Matikan penayangan versi.", "server_tokens off;\n"
                ),
            ),
            subject=SubjectKind.HTTP,
            effort_hours=0.25,
            confidence=Confidence.INFERRED,
        ),
        check(
            "ssh-post-quantum-offered",
            Severity.INFO,
            ("A post-quantum key exchange is offered", "Pertukaran kunci pascakuantum ditawarkan"),
            TLS_CONTROLS,
            (
                remedy(
                    "openssh", "Upgrade to OpenSSH 9.0 or later.", "Mutakhirkan ke OpenSSH 9.0 atau lebih."
                ),
            ),
            subject=SubjectKind.SSH,
            layer=Layer.HOST,
        ),
    )
}
