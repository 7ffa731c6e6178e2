"""One host of the centre for many sites: names on it belong to other OPD than the machine does."""

from __future__ import annotations

from tests.lab.certificates import GOOD
from tests.lab.fleet.parts import bare_site, redirect, strict
from tests.lab.model import LabServer
from tests.lab.pages import page
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import STRONG_SSH

_CENTRE = "portal-warga.lab.test"
_BARE = "desa-sukamaju.lab.test"
_STRICT = "desa-mekarsari.lab.test"
_NAMES = (_CENTRE, _BARE, _STRICT)

VILLAGES: tuple[LabServer, ...] = (
    LabServer(
        "diskominfo-hosting-01",
        "diskominfo",
        "Hosting bersama situs desa",
        "dmz",
        "rendah",
        "127.20.1.120",
        (
            Nginx(
                (
                    redirect(*_NAMES),
                    strict("Portal warga", _CENTRE),
                    Site(443, {"index.html": page("Desa Sukamaju")}, (_BARE,), (GOOD,), show_version=True),
                    strict("Desa Mekarsari", _STRICT),
                )
            ),
            STRONG_SSH,
        ),
        _NAMES,
        ("web", "linux"),
        truths=bare_site(443, https=True, names=(_BARE,)),
        name_owners={_BARE: "dpmd", _STRICT: "dpmd"},
    ),
)
