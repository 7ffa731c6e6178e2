"""Zones and OPD of the lab."""

from __future__ import annotations

from dataclasses import dataclass

NETWORK = "127.20.0.0/16"
"""Everything in the lab has an address in here."""


CENTRE, VANTAGE = "diskominfo", "aplikasi"
"""The OPD that sweeps the zones, and the zone that the scanner stands in."""


@dataclass(frozen=True, slots=True)
class LabZone:
    """One network zone."""

    id: str
    name: str
    public: bool
    network: str
    fails: tuple[str, ...] = ()
    """Checks of the network as a whole that an audit must find to fail."""


ZONES = (
    LabZone("dmz", "DMZ", True, "127.20.1.0/24"),
    LabZone("aplikasi", "Zona aplikasi", False, "127.20.2.0/24"),
    LabZone("data", "Zona basis data", False, "127.20.3.0/24"),
    LabZone("opd", "Jaringan perangkat daerah", False, "127.20.4.0/24", ("network-hosts-registered",)),
)

OPDS = {
    "diskominfo": "Dinas Komunikasi dan Informatika",
    "dinkes": "Dinas Kesehatan",
    "disdukcapil": "Dinas Kependudukan dan Pencatatan Sipil",
    "bapenda": "Badan Pendapatan Daerah",
    "dinsos": "Dinas Sosial",
    "dpmptsp": "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "disdik": "Dinas Pendidikan",
    "rsud": "Rumah Sakit Umum Daerah",
    "bkpsdm": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    "dishub": "Dinas Perhubungan",
    "dpupr": "Dinas Pekerjaan Umum dan Penataan Ruang",
    "dpmd": "Dinas Pemberdayaan Masyarakat dan Desa",
}
