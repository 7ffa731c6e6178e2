"""Sites on nginx: headers, files that should not be there, TLS, certificates."""

from __future__ import annotations

from tests.lab.roundtrip.broken import UNUSED_SITE
from tests.lab.roundtrip.model import Case, Edit
from tests.lab.roundtrip.moved import MOVED, copied, copied_name
from tests.lab.roundtrip.placers.new_certificates import for_nginx
from tests.lab.roundtrip.placers.nginx import encrypted_first, nginx

_HEALTH, _SCHOOLS = "dinkes.lab.test", "disdik.lab.test"


def _case(
    check: str, server: str, port: int, name: str = "", edit: Edit | None = None, **more: object
) -> Case:
    return Case(
        check,
        MOVED[server],
        {"nginx": edit or nginx(port, name)},
        port=port,
        server_name=name,
        **more,  # type: ignore[arg-type]
    )


def _twin(check: str, server: str, name: str, number: int) -> Case:
    """Return a case on a twin of a server that many cases are about."""
    own = copied_name(name, number)
    twin = copied(MOVED[server], number)
    return Case(check, twin, {"nginx": nginx(443, own)}, port=443, server_name=own)


_HEADERS = (
    "http-csp-strict",
    "http-framing-refused",
    "http-sniffing-refused",
    "http-referrer-limited",
    "http-permissions-limited",
    "http-hsts-long",
    "http-security-txt",
    "http-version-hidden",
    "http-errors-generic",
)
_TLS = (
    "tls-1-0-refused",
    "tls-1-1-refused",
    "tls-forward-secrecy-only",
    "tls-aead-only",
    "tls-dh-group-strong",
)
_CITIZENS = "disdukcapil.lab.test"
_FILES = (
    "http-vcs-absent",
    "http-secrets-absent",
    "http-backups-absent",
    "http-admin-restricted",
    "http-listing-absent",
)
_VILLAGES = {
    "certificate-valid-now": "karangjati.desa.lab.test",
    "certificate-name-matches": "sidomulyo.desa.lab.test",
    "certificate-not-self-signed": "mekarsari.desa.lab.test",
    "certificate-trusted": "tegalrejo.desa.lab.test",
    "certificate-for-servers": "wonosari.desa.lab.test",
}
_ANY = ("any", "nginx")
_COURSES = ("lms.disdik.lab.test", "elearning.disdik.lab.test")

CASES: tuple[Case, ...] = (
    *(_twin(check, "disdik-web-01", _SCHOOLS, 221 + number) for number, check in enumerate(_HEADERS)),
    *(_case(check, "dinkes-web-01", 443, edit=nginx(443, _HEALTH)) for check in _TLS),
    *(_twin(check, "disdukcapil-web-01", _CITIZENS, 231 + number) for number, check in enumerate(_FILES)),
    *(
        _case(check, "diskominfo-desa-01", 443, name, for_nginx(443, name), software=_ANY)
        for check, name in _VILLAGES.items()
    ),
    _case("certificate-key-strong", "disdik-web-01", 443, _SCHOOLS, for_nginx(443, _SCHOOLS), software=_ANY),
    _case(
        "certificate-chain-complete", "disdik-belajar-01", 443, _COURSES[0], for_nginx(443, _COURSES[0]),
        software=_ANY,
    ),
    _case(
        "certificate-chain-current", "disdik-belajar-01", 443, _COURSES[1], for_nginx(443, _COURSES[1]),
        software=_ANY,
    ),
    _case(
        "certificate-lifetime-limited", "disdik-belajar-01", 9443, edit=for_nginx(9443, *_COURSES),
        software=_ANY,
    ),
    _case(
        "certificate-signature-strong", "dinsos-web-01", 443, "dinsos.lab.test",
        for_nginx(443, "dinsos.lab.test"), software=_ANY,
    ),
    _case(
        "certificate-not-expiring", "bapenda-pajak-01", 443, "pajak.bapenda.lab.test",
        for_nginx(443, "pajak.bapenda.lab.test"), software=_ANY,
    ),
    _case("http-redirects-to-https", "dinkes-web-01", 80, _HEALTH, nginx(80, _HEALTH, replace=True)),
    _case("http-login-encrypted", "dinsos-web-01", 80, "dinsos.lab.test", nginx(80, replace=True)),
    Case(
        "http-default-page-absent",
        UNUSED_SITE,
        {"nginx": nginx(80, replace=True)},
        port=80,
    ),
    _case("http-cors-restricted", "bapenda-pajak-01", 443, "pajak.bapenda.lab.test"),
    _case("http-cms-login-guarded", "bkpsdm-web-01", 443, "bkpsdm.lab.test"),
    _case("http-api-descriptions-approved", "dpupr-api-01", 443, "api.dpupr.lab.test"),
    _case("http-staging-restricted", "diskominfo-lama-01", 443, "lama.portal.lab.test"),
    Case(
        "certificate-key-unshared", MOVED["dishub-web-01"], {"nginx": for_nginx(443, "dishub.lab.test")},
        ("any",), 443, companions=(MOVED["dpupr-web-01"],),
    ),
    Case(
        "certificate-wildcard-recorded", MOVED["dishub-parkir-01"],
        {"nginx": for_nginx(443, "parkir.layanan.lab.test")}, ("any",), 443,
        companions=(MOVED["dpupr-peta-01"],),
    ),
    Case(
        "http-basic-auth-encrypted", MOVED["diskominfo-pantau-01"], {"nginx": encrypted_first(8080)},
        port=8080, opens=((443, "https"),),
    ),
)  # fmt: skip
