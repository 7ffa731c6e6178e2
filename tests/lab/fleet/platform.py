"""What the IT office runs for everybody: management, proxies, files, containers, and what should be gone."""

from __future__ import annotations

from tests.lab.certificates import GOOD
from tests.lab.fleet.parts import bare_interface, ordinary, redirect, strict, truths
from tests.lab.model import LabServer
from tests.lab.pages import STRICT
from tests.lab.services.etcd import Etcd
from tests.lab.services.management import Snmp, TalkativeNtp, Tftp
from tests.lab.services.nginx import Nginx, Site
from tests.lab.services.openssh import STRONG_SSH
from tests.lab.services.proxy import Tinyproxy
from tests.lab.services.samba import Samba
from tests.lab.services.stand_ins import docker, elasticsearch, kubelet

_OLD_PORTAL = "lama.portal.lab.test"
_LOGS = "log.lab.test"

PLATFORM: tuple[LabServer, ...] = (
    LabServer(
        "diskominfo-rak-01",
        "diskominfo",
        "Pengelola rak server",
        "aplikasi",
        "rendah",
        "127.20.2.14",
        (Snmp("public"), Tftp(), TalkativeNtp(), STRONG_SSH),
        roles=("linux",),
        truths=truths(0, "snmp-default-community-refused", "network-tftp-absent", "ntp-control-refused"),
    ),
    LabServer(
        "diskominfo-waktu-01",
        "diskominfo",
        "Server waktu",
        "aplikasi",
        "tinggi",
        "127.20.2.15",
        (Snmp(), TalkativeNtp(control=False), STRONG_SSH),
        roles=("linux",),
    ),
    LabServer(
        "diskominfo-proksi-01",
        "diskominfo",
        "Proksi lama",
        "aplikasi",
        "rendah",
        "127.20.2.16",
        (Tinyproxy(open_to_all=True),),
        truths=(
            *bare_interface(3128),
            *truths(3128, "network-open-proxy-absent", "http-version-hidden"),
        ),
    ),
    LabServer(
        "diskominfo-proksi-02",
        "diskominfo",
        "Proksi kantor",
        "aplikasi",
        "rendah",
        "127.20.2.17",
        (Tinyproxy(), STRONG_SSH),
        roles=("linux",),
        truths=(*bare_interface(3128), *truths(3128, "http-version-hidden")),
    ),
    LabServer(
        "diskominfo-berkas-01",
        "diskominfo",
        "Server berkas",
        "aplikasi",
        "tinggi",
        "127.20.2.18",
        (Samba(), STRONG_SSH),
        roles=("files", "linux"),
    ),
    LabServer(
        "diskominfo-klaster-01",
        "diskominfo",
        "Klaster kontainer",
        "aplikasi",
        "tinggi",
        "127.20.2.19",
        (Etcd(), Nginx((docker(), kubelet()))),
        truths=(
            *bare_interface(2375),
            *truths(2375, "network-docker-api-absent"),
            *bare_interface(2379, sniffing=False),
            *truths(2379, "etcd-authentication-required"),
            *bare_interface(2380, sniffing=False),
            *bare_interface(10250),
            *truths(10250, "kubernetes-api-restricted"),
        ),
    ),
    LabServer(
        "diskominfo-log-01",
        "diskominfo",
        "Pencarian log",
        "data",
        "rendah",
        "127.20.3.14",
        (Nginx((elasticsearch(login=True, certificate=GOOD),)), STRONG_SSH),
        (_LOGS,),
        ("linux",),
    ),
    LabServer(
        "diskominfo-lama-01",
        "diskominfo",
        "Portal lama",
        "dmz",
        "rendah",
        "127.20.1.14",
        (Nginx((redirect(_OLD_PORTAL), strict("Portal lama", _OLD_PORTAL))),),
        (_OLD_PORTAL,),
        ("web",),
        truths=(
            *truths(0, "network-retired-silent"),
            *truths(80, "http-staging-restricted", names=(_OLD_PORTAL,)),
            *truths(443, "http-staging-restricted", names=(_OLD_PORTAL,)),
        ),
        retired=True,
    ),
    LabServer(
        "diskominfo-lama-02",
        "diskominfo",
        "Server cadangan lama",
        "aplikasi",
        "rendah",
        "127.20.2.98",
        (),
        # Nothing listens there, but loopback itself refuses connections, and that is an answer.
        truths=truths(0, "network-retired-silent"),
        retired=True,
    ),
    LabServer("diskominfo-hilang-01", "diskominfo", "Server uji", "aplikasi", "rendah", "127.20.2.99", ()),
    LabServer(
        "tak-tercatat-01",
        "diskominfo",
        "Situs percobaan yang tidak didaftarkan",
        "opd",
        "rendah",
        "127.20.4.99",
        (Nginx((Site(80, ordinary("Percobaan"), headers=STRICT),)),),
        registered=False,
    ),
)
