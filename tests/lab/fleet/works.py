"""Servers of the offices for personnel, transport and public works: built by the same contractor."""

from __future__ import annotations

from tests.lab.certificates import EXPIRED_CHAIN, GOOD, SAME_KEY, WILDCARD, Shape
from tests.lab.faults import CLOAKING, GRAPHQL, INTERFACE, JOURNAL, WORDPRESS
from tests.lab.fleet.parts import bare_site, redirect, strict, truths
from tests.lab.model import LabServer
from tests.lab.pages import STRICT_HTTPS, with_security_txt
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import CLONED_SSH
from tests.lab.services.php import PhpDevelopment
from tests.lab.services.postfix import Postfix
from tests.lab.services.vsftpd import Vsftpd

_BKPSDM = ("bkpsdm.lab.test",)
_BKPSDM_MAIL = ("mail.bkpsdm.lab.test",)
_DISHUB = ("dishub.lab.test",)
_JOURNAL = ("jurnal.dishub.lab.test",)
_DPUPR = ("dpupr.lab.test",)
_ROADS = ("api.dpupr.lab.test",)
_MAPS = ("peta.layanan.lab.test",)
_PARKING = ("parkir.layanan.lab.test",)


def _site(title: str, names: tuple[str, ...], shape: Shape) -> Nginx:
    return Nginx((redirect(*names), strict(title, *names, certificates=(shape,))))


BKPSDM: tuple[LabServer, ...] = (
    LabServer(
        "bkpsdm-web-01",
        "bkpsdm",
        "Situs Badan Kepegawaian",
        "dmz",
        "rendah",
        "127.20.1.90",
        (
            Nginx(
                (
                    redirect(*_BKPSDM),
                    Site(443, with_security_txt(WORDPRESS), _BKPSDM, (GOOD,), headers=STRICT_HTTPS),
                )
            ),
        ),
        _BKPSDM,
        ("web",),
        truths=truths(
            443,
            "http-cms-login-guarded",
            "http-cms-supported",
            "http-components-patched",
            "http-libraries-patched",
            "http-forms-protected",
            "http-free-mail-absent",
            "http-identity-numbers-absent",
            "http-privacy-notice-linked",
            names=_BKPSDM,
        ),
    ),
    LabServer(
        "bkpsdm-mail-01",
        "bkpsdm",
        "Surel kepegawaian",
        "dmz",
        "rendah",
        "127.20.1.91",
        (Dovecot(GOOD), Postfix(_BKPSDM_MAIL[0], GOOD, relay=True, verify=True)),
        _BKPSDM_MAIL,
        ("mail",),
        truths=(
            *truths(25, "smtp-relay-refused", "smtp-address-probing-refused"),
            *truths(465, "smtp-relay-refused", "smtp-address-probing-refused"),
            *truths(587, "smtp-relay-refused"),
        ),
    ),
    LabServer(
        "bkpsdm-surat-01",
        "bkpsdm",
        "Aplikasi surat",
        "aplikasi",
        "rendah",
        "127.20.2.90",
        (PhpDevelopment(),),
        truths=(
            *bare_site(8000, https=False),
            *truths(8000, "http-diagnostics-absent"),
        ),
    ),
    LabServer(
        "bkpsdm-berkas-01",
        "bkpsdm",
        "Pertukaran berkas kepegawaian",
        "aplikasi",
        "rendah",
        "127.20.2.91",
        (Vsftpd(anonymous=False),),
        truths=truths(21, "ftp-login-encrypted"),
    ),
)

DISHUB: tuple[LabServer, ...] = (
    LabServer(
        "dishub-web-01",
        "dishub",
        "Situs Dinas Perhubungan",
        "dmz",
        "rendah",
        "127.20.1.100",
        (_site("Dinas Perhubungan", _DISHUB, SAME_KEY),),
        _DISHUB,
        ("web",),
        truths=truths(443, "certificate-key-unshared", names=_DISHUB),
    ),
    LabServer(
        "dishub-jurnal-01",
        "dishub",
        "Jurnal perhubungan",
        "dmz",
        "rendah",
        "127.20.1.101",
        (
            Nginx(
                (
                    redirect(*_JOURNAL),
                    Site(
                        443,
                        with_security_txt(JOURNAL),
                        _JOURNAL,
                        (EXPIRED_CHAIN,),
                        headers=STRICT_HTTPS,
                        directives=CLOAKING,
                    ),
                )
            ),
        ),
        _JOURNAL,
        ("web",),
        truths=truths(443, "certificate-chain-current", "http-gambling-absent", names=_JOURNAL),
    ),
    LabServer(
        "dishub-parkir-01",
        "dishub",
        "Parkir daring",
        "aplikasi",
        "rendah",
        "127.20.2.100",
        (_site("Parkir", _PARKING, WILDCARD), CLONED_SSH),
        _PARKING,
        ("web", "linux"),
        truths=(
            *truths(22, "ssh-host-key-unique"),
            *truths(443, "certificate-key-unshared", "certificate-wildcard-recorded", names=_PARKING),
        ),
    ),
)

DPUPR: tuple[LabServer, ...] = (
    LabServer(
        "dpupr-web-01",
        "dpupr",
        "Situs Dinas Pekerjaan Umum",
        "dmz",
        "rendah",
        "127.20.1.110",
        (_site("Dinas Pekerjaan Umum", _DPUPR, SAME_KEY),),
        _DPUPR,
        ("web",),
        truths=truths(443, "certificate-key-unshared", names=_DPUPR),
    ),
    LabServer(
        "dpupr-api-01",
        "dpupr",
        "Antarmuka data jalan",
        "dmz",
        "rendah",
        "127.20.1.111",
        (
            Nginx(
                (
                    redirect(*_ROADS),
                    Site(
                        443,
                        with_security_txt(INTERFACE),
                        _ROADS,
                        (GOOD,),
                        headers=STRICT_HTTPS,
                        directives=GRAPHQL,
                    ),
                )
            ),
        ),
        _ROADS,
        ("web",),
        truths=truths(
            443, "http-api-descriptions-approved", "http-hosts-approved", "http-scripts-pinned", names=_ROADS
        ),
    ),
    LabServer(
        "dpupr-peta-01",
        "dpupr",
        "Peta daerah",
        "aplikasi",
        "rendah",
        "127.20.2.110",
        (_site("Peta", _MAPS, WILDCARD), CLONED_SSH),
        _MAPS,
        ("web", "linux"),
        truths=(
            *truths(22, "ssh-host-key-unique"),
            *truths(443, "certificate-key-unshared", "certificate-wildcard-recorded", names=_MAPS),
        ),
    ),
)
