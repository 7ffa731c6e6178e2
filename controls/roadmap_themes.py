"""The themes by which work is put together, and whose work a check is. Pure.

A theme follows from the first word of a check's id, which names its area; an id that begins with no known
word, as a local check may, goes by the layer that its check speaks about.
"""

from __future__ import annotations

from auditor.model.check import Check, Severity, Text
from auditor.model.inventory import Layer
from auditor.model.roadmap import Role

RETIRED = "retired"
OTHER = "other"

THEMES: dict[str, Text] = {
    RETIRED: {
        "en": "Servers that are no longer used: switching them off",
        "id": "Server yang tidak digunakan lagi: penonaktifan",
    },
    "exposure": {"en": "Open services and networks", "id": "Layanan terbuka dan jaringan"},
    "encryption": {"en": "Encryption in transit (TLS)", "id": "Enkripsi lalu lintas data (TLS)"},
    "certificates": {"en": "Certificates", "id": "Sertifikat elektronik"},
    "administration": {"en": "Remote administration (SSH)", "id": "Administrasi jarak jauh (SSH)"},
    "web": {"en": "Sites and web applications", "id": "Situs dan aplikasi web"},
    "mail": {"en": "Mail", "id": "Surel"},
    "domains": {"en": "Domains and name service", "id": "Domain dan layanan nama"},
    "data": {"en": "Databases, caches and directories", "id": "Basis data, tembolok, dan direktori"},
    "updates": {"en": "Updates and supported software", "id": "Pembaruan dan perangkat lunak yang didukung"},
    "accounts": {"en": "Accounts and rights", "id": "Akun dan hak akses"},
    "hardening": {"en": "Hardening of operating systems", "id": "Penguatan sistem operasi"},
    "logging": {"en": "Logs, clocks and monitoring", "id": "Log, waktu, dan pemantauan"},
    "backups": {"en": "Backups", "id": "Cadangan data"},
    "malware": {"en": "Protection against malware", "id": "Pelindungan dari perangkat perusak"},
    "records": {"en": "Records and room of servers", "id": "Pencatatan dan ruang server"},
    OTHER: {"en": "Other checks", "id": "Pemeriksaan lainnya"},
}
"""Theme → its name."""

_WORDS = {
    "exposure": "network listening firewall rdp vnc x11 smb smb1 snmp nfs docker kubernetes etcd containers "
    "ftp transfers shares rsync remote vpn",
    "encryption": "tls",
    "certificates": "certificate",
    "administration": "ssh sshd",
    "web": "http web php",
    "mail": "smtp imap pop3 mail dmarc spf dkim mta null",
    "domains": "dns domain dane resolver",
    "data": "database databases mysql mssql postgresql redis memcached mongodb couchdb elasticsearch ldap",
    "updates": "packages software",
    "accounts": "accounts sudo logins",
    "hardening": "files kernel machine jobs lynis openscap",
    "logging": "audit logs time ntp monitoring evidence",
    "backups": "backups",
    "malware": "malware",
    "records": "register records",
}
_THEME_OF = {word: theme for theme, words in _WORDS.items() for word in words.split()}
_BY_LAYER = {
    Layer.ROOM: "records",
    Layer.HYPERVISOR: "hardening",
    Layer.NETWORK: "exposure",
    Layer.HOST: "hardening",
    Layer.APPLICATION: "web",
    Layer.ACCOUNTS: "accounts",
    Layer.CERTIFICATE: "certificates",
}

URGENCIES: dict[str, Text] = {
    "critical": {"en": "critical findings", "id": "temuan kritis"},
    "high": {"en": "high findings", "id": "temuan tinggi"},
    "rest": {
        "en": "medium and low findings, and remarks",
        "id": "temuan sedang dan rendah, serta informasi",
    },
}
"""What is done together is also equally urgent, so that grave things do not wait for mild ones."""


def theme_of(check_id: str, check: Check | None) -> str:
    """Return the theme of a check; `check` is None where it has left the catalogue."""
    known = _THEME_OF.get(check_id.split("-")[0])
    if known:
        return known
    return _BY_LAYER[check.layer] if check else OTHER


def role_of(check: Check | None) -> Role:
    """Return whose work it is to fix a check."""
    applications = check is not None and check.layer is Layer.APPLICATION
    return Role.DEVELOPER if applications else Role.ADMINISTRATOR


def urgency_of(severity: Severity) -> str:
    """Return the urgency by which findings of one theme are told apart."""
    return severity.value if severity in (Severity.CRITICAL, Severity.HIGH) else "rest"


def theme_title(theme: str, urgency: str) -> Text:
    """Name the work of a theme at one urgency."""
    name = THEMES[theme]
    if theme == RETIRED:
        return name
    return {language: f"{name[language]}: {URGENCIES[urgency][language]}" for language in name}


def controls_title(group: Text) -> Text:
    """Name the work on the controls of one clause or theme that nobody has answered for."""
    lead = {"en": "Controls without an answer", "id": "Kontrol yang belum dijawab"}
    return {language: f"{lead[language]}: {group[language]}" for language in lead}
