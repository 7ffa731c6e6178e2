"""The organisation of the sample: three OPD, eight servers, and the policy it chose."""

from __future__ import annotations

import hashlib
from datetime import date
from ipaddress import ip_address, ip_network

from auditor.model.check import Severity
from auditor.model.inventory import (
    Authorization,
    Category,
    Inventory,
    Layer,
    Opd,
    Organization,
    Responsible,
    Server,
    Zone,
)
from auditor.model.policy import Budget, GradeBand, Grading, Policy, PortPolicy, TotalBudget


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def server(opd: str, number: int, name: str, category: Category, software: tuple[str, ...] = ()) -> Server:
    third = {"dinkes": 1, "disdik": 2, "dukcapil": 3}[opd]
    return Server(
        id=f"{opd}-{number:02}",
        opd=opd,
        name=name,
        zone="dmz",
        category=category,
        addresses=(ip_address(f"127.20.{third}.{10 + number}"),),
        hostnames=(f"{opd}{number}.lab.test",),
        software=software,
    )


OPDS = (
    Opd(
        "dinkes",
        "Dinas Kesehatan",
        (
            server("dinkes", 1, "Situs Dinas Kesehatan", Category.TINGGI, ("nginx",)),
            server("dinkes", 2, "Sistem Informasi Puskesmas", Category.STRATEGIS),
            server("dinkes", 3, "Basis data rekam medis", Category.STRATEGIS),
            server("dinkes", 4, "Peladen arsip lama", Category.RENDAH),
        ),
    ),
    Opd(
        "disdik",
        "Dinas Pendidikan dan Kebudayaan",
        (
            server("disdik", 1, "Situs Dinas Pendidikan", Category.RENDAH),
            server("disdik", 2, "PPDB daring", Category.TINGGI, ("apache",)),
        ),
    ),
    Opd(
        "dukcapil",
        "Dinas Kependudukan dan Pencatatan Sipil",
        (
            server("dukcapil", 1, "Layanan antrean daring", Category.TINGGI),
            server("dukcapil", 2, "Cermin data kependudukan", Category.STRATEGIS),
        ),
    ),
)


def inventory() -> Inventory:
    return Inventory(
        organization=Organization(
            "Pemerintah Kabupaten Contoh",
            "Asia/Jakarta",
            "Dinas Komunikasi dan Informatika",
            "Jalan Merdeka Nomor 1, Contoh 12345",
        ),
        authorizations=(
            Authorization(
                "094/112/Diskominfo/2026",
                "Kepala Dinas Komunikasi dan Informatika",
                date(2026, 9, 1),
                date(2026, 10, 31),
                (ip_network("127.20.0.0/16"),),
                (),
                frozenset({"ports", "tls", "certificates", "ssh", "http"}),
                frozenset(),
            ),
        ),
        zones=(Zone("dmz", "DMZ", True, (ip_network("127.20.0.0/16"),)),),
        opds=OPDS,
        digest=digest("inventory"),
    )


def policy(ranking: bool = True) -> Policy:
    budget = Budget(5.0, 2, 50, 900, 2.0, True)
    return Policy(
        editions=("2013", "2022"),
        default_edition="2022",
        language="id",
        weights=dict(zip(Severity, (10, 6, 3, 1, 0), strict=True)),
        criticality={Category.RENDAH: 1.0, Category.TINGGI: 1.5, Category.STRATEGIS: 2.0},
        grading=Grading(
            tuple(
                GradeBand(*band) for band in (("A", 90.0), ("B", 75.0), ("C", 60.0), ("D", 40.0), ("E", 0.0))
            ),
            {Severity.CRITICAL: "D", Severity.HIGH: "B"},
            70.0,
        ),
        deadline_days={},
        parameters={},
        disabled_checks={"tls-dh-group-strong": "menunggu pembaruan perangkat keras"},
        role_services={},
        responsible={
            Layer.NETWORK: Responsible.CENTRE,
            Layer.HOST: Responsible.CENTRE,
            Layer.APPLICATION: Responsible.OPD,
            Layer.CERTIFICATE: Responsible.OPD,
        },
        budgets={},
        total=TotalBudget(budget.parallel_connections, 10.0),
        ports=PortPolicy((), frozenset()),
        trust_anchors={},
        exit_threshold=Severity.HIGH,
        classification="Terbatas",
        ranking=ranking,
        digest=digest("policy"),
    )
