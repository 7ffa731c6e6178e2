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
from tests.lab.pages import MTA_STS, STRICT, STRICT_HTTPS
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import DEFAULT_SSH, STRONG_SSH
from tests.lab.services.postfix import Postfix

_PORTAL = ("portal.lab.test", "www.lab.test")
_MAIL_POLICY = "mta-sts.lab.test"
_MAIL = "mail.lab.test"

_VILLAGES: dict[str, tuple[Shape, tuple[str, ...]]] = {
    "sukamaju.desa.lab.test": (GOOD_EC, ()),
    "karangjati.desa.lab.test": (EXPIRED, ("certificate-valid-now", "certificate-not-expiring")),
    "sidomulyo.desa.lab.test": (WRONG_NAME, ("certificate-name-matches",)),
    "mekarsari.desa.lab.test": (SELF_SIGNED, ("certificate-not-self-signed",)),
    "tegalrejo.desa.lab.test": (UNTRUSTED, ("certificate-trusted",)),
    "wonosari.desa.lab.test": (FOR_CLIENTS, ("certificate-for-servers",)),
}
"""Village site on the shared host → its certificate, and what that fails."""


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
                    redirect(*_PORTAL, _MAIL_POLICY),
                    strict("Portal Kabupaten Contoh", *_PORTAL, certificates=(GOOD_EC, GOOD)),
                    Site(
                        443,
                        {**ordinary("Kebijakan surel"), ".well-known/mta-sts.txt": MTA_STS},
                        (_MAIL_POLICY,),
                        (GOOD,),
                        headers=STRICT_HTTPS,
                    ),
                )
            ),
            STRONG_SSH,
        ),
        (*_PORTAL, _MAIL_POLICY),
        ("web", "linux"),
    ),
    LabServer(
        "diskominfo-mail-01",
        "diskominfo",
        "Surel kabupaten",
        "dmz",
        "tinggi",
        "127.20.1.11",
        (Dovecot(GOOD), Postfix(_MAIL, GOOD, mailboxes=("abuse@lab.test", "security@lab.test")), STRONG_SSH),
        (_MAIL,),
        ("mail", "linux"),
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
