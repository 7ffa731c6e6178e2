"""Servers of the regency's IT office: mostly in order."""

from __future__ import annotations

from tests.lab.certificates import (
    EXPIRED,
    FOR_CLIENTS,
    GOOD,
    GOOD_EC,
    SELF_SIGNED,
    UNTRUSTED,
    WRONG_NAME,
    Shape,
)
from tests.lab.fleet.parts import ordinary, redirect, strict, truths
from tests.lab.model import LabServer, Truth
from tests.lab.pages import STRICT
from tests.lab.services.bind import Bind
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH, STRONG_SSH
from tests.lab.services.postfix import Postfix

_PORTAL = ("portal.lab.test", "www.lab.test")
_MAIL = "mail.lab.test"
_NAME_SERVER = "127.20.1.12"

_VILLAGES: dict[str, tuple[Shape, tuple[str, ...]]] = {
    "sukamaju.desa.lab.test": (GOOD_EC, ()),
    "karangjati.desa.lab.test": (EXPIRED, ("certificate-valid-now",)),
    "sidomulyo.desa.lab.test": (WRONG_NAME, ("certificate-name-matches",)),
    "mekarsari.desa.lab.test": (SELF_SIGNED, ("certificate-not-self-signed",)),
    "tegalrejo.desa.lab.test": (UNTRUSTED, ("certificate-trusted",)),
    "wonosari.desa.lab.test": (FOR_CLIENTS, ("certificate-for-servers",)),
}
"""Village site on the shared host → its certificate, and what that fails."""

_RECORDS = (
    *((name, "127.20.1.10") for name in _PORTAL),
    (_MAIL, "127.20.1.11"),
    *((name, "127.20.1.13") for name in _VILLAGES),
)


def _village_truths() -> tuple[Truth, ...]:
    return tuple(
        truth for name, (_, fails) in _VILLAGES.items() for truth in truths(443, *fails, names=(name,))
    )


DISKOMINFO: tuple[LabServer, ...] = (
    LabServer(
        "diskominfo-portal-01",
        "diskominfo",
        "Portal kabupaten",
        "dmz",
        "tinggi",
        "127.20.1.10",
        (
            Nginx(
                (
                    redirect(*_PORTAL),
                    strict("Portal Kabupaten Contoh", *_PORTAL, certificates=(GOOD_EC, GOOD)),
                )
            ),
            STRONG_SSH,
        ),
        _PORTAL,
        ("web", "linux"),
    ),
    LabServer(
        "diskominfo-mail-01",
        "diskominfo",
        "Surel kabupaten",
        "dmz",
        "tinggi",
        "127.20.1.11",
        (Dovecot(GOOD), Postfix(_MAIL, GOOD), STRONG_SSH),
        (_MAIL,),
        ("mail", "linux"),
    ),
    LabServer(
        "diskominfo-dns-01",
        "diskominfo",
        "Server nama utama",
        "dmz",
        "tinggi",
        _NAME_SERVER,
        (Bind(records=_RECORDS), STRONG_SSH),
        roles=("dns", "linux"),
    ),
    LabServer(
        "diskominfo-desa-01",
        "diskominfo",
        "Hosting situs desa",
        "dmz",
        "rendah",
        "127.20.1.13",
        (
            Nginx(
                (
                    redirect(*_VILLAGES),
                    *(
                        strict(f"Situs {name.split('.')[0].title()}", name, certificates=(shape,))
                        for name, (shape, _) in _VILLAGES.items()
                    ),
                )
            ),
        ),
        tuple(_VILLAGES),
        ("web",),
        truths=_village_truths(),
    ),
    LabServer(
        "diskominfo-dns-02",
        "diskominfo",
        "Server nama internal",
        "aplikasi",
        "tinggi",
        "127.20.2.12",
        (Bind(forward_to=_NAME_SERVER), STRONG_SSH),
        roles=("dns", "linux"),
        truths=truths(53, "dns-recursion-refused", "dns-version-hidden"),
    ),
    LabServer(
        "diskominfo-pantau-01",
        "diskominfo",
        "Pemantauan jaringan",
        "aplikasi",
        "rendah",
        "127.20.2.13",
        (
            Nginx(
                (
                    Site(
                        8080,
                        ordinary("Pemantauan jaringan"),
                        headers=STRICT,
                        directives='auth_basic "Pemantauan"; auth_basic_user_file /dev/null;',
                    ),
                )
            ),
            DEFAULT_SSH,
        ),
        roles=("linux",),
        truths=(
            *truths(8080, "http-basic-auth-encrypted", "http-redirects-to-https"),
            *truths(22, *DEFAULT_SSH.fails),
        ),
    ),
)
