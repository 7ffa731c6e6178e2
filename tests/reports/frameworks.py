"""Small stand-ins for the two editions: real groups, a part of the controls."""

from __future__ import annotations

from auditor.model.framework import Control, ControlGroup, ControlSide, Framework, MachineCoverage

_THEMES = {
    "A.5": ("Organizational controls", "Kontrol organisasi"),
    "A.6": ("People controls", "Kontrol orang"),
    "A.7": ("Physical controls", "Kontrol fisik"),
    "A.8": ("Technological controls", "Kontrol teknologi"),
}
_CLAUSES = {
    "A.5": ("Information security policies", "Kebijakan keamanan informasi"),
    "A.9": ("Access control", "Kontrol akses"),
    "A.10": ("Cryptography", "Kriptografi"),
    "A.12": ("Operations security", "Keamanan operasi"),
    "A.13": ("Communications security", "Keamanan komunikasi"),
    "A.14": ("System acquisition, development and maintenance", "Akuisisi, pengembangan, dan pemeliharaan"),
    "A.18": ("Compliance", "Kepatuhan"),
}
_CONTROLS_2022 = {
    "A.5.1": ("Policies for information security", "Kebijakan keamanan informasi"),
    "A.5.7": ("Threat intelligence", "Intelijen ancaman"),
    "A.5.15": ("Access control", "Kontrol akses"),
    "A.6.3": ("Awareness, education and training", "Kesadaran, pendidikan, dan pelatihan"),
    "A.7.1": ("Physical security perimeters", "Perimeter keamanan fisik"),
    "A.8.5": ("Secure authentication", "Autentikasi aman"),
    "A.8.8": ("Management of technical vulnerabilities", "Manajemen kerentanan teknis"),
    "A.8.9": ("Configuration management", "Manajemen konfigurasi"),
    "A.8.20": ("Networks security", "Keamanan jaringan"),
    "A.8.21": ("Security of network services", "Keamanan layanan jaringan"),
    "A.8.24": ("Use of cryptography", "Penggunaan kriptografi"),
    "A.8.26": ("Application security requirements", "Persyaratan keamanan aplikasi"),
}
_CONTROLS_2013 = {
    "A.5.1.1": ("Policies for information security", "Kebijakan untuk keamanan informasi"),
    "A.9.4.2": ("Secure log-on procedures", "Prosedur masuk yang aman"),
    "A.10.1.1": ("Policy on the use of cryptographic controls", "Kebijakan penggunaan kontrol kriptografi"),
    "A.12.6.1": ("Management of technical vulnerabilities", "Manajemen kerentanan teknis"),
    "A.13.1.1": ("Network controls", "Kontrol jaringan"),
    "A.13.1.2": ("Security of network services", "Keamanan layanan jaringan"),
    "A.14.1.2": (
        "Securing application services on public networks",
        "Pengamanan layanan aplikasi di jaringan publik",
    ),
    "A.18.2.3": ("Technical compliance review", "Tinjauan kepatuhan teknis"),
}
_TECHNICAL = {"A.8.20", "A.8.24", "A.13.1.1", "A.10.1.1"}
_ATTESTED = {"A.5.1", "A.5.7", "A.6.3", "A.7.1", "A.5.1.1"}


def _coverage(control: str) -> MachineCoverage:
    if control in _TECHNICAL:
        return MachineCoverage.TECHNICAL
    return MachineCoverage.ATTESTATION if control in _ATTESTED else MachineCoverage.PARTIAL


def _text(pair: tuple[str, str]) -> dict[str, str]:
    return {"en": pair[0], "id": pair[1]}


def _control(control: str, title: tuple[str, str]) -> Control:
    group = ".".join(control.split(".")[:2])
    question = _text(("How is it done?", "Bagaimana dilaksanakan?"))
    return Control(
        control, _text(title), group, _coverage(control), {}, "", question, ControlSide.SHARED, (), {}
    )


def _framework(
    edition: str, groups: dict[str, tuple[str, str]], controls: dict[str, tuple[str, str]]
) -> Framework:
    return Framework(
        edition=edition,
        title=_text((f"ISO/IEC 27001:{edition}", f"SNI ISO/IEC 27001:{edition}")),
        groups=tuple(ControlGroup(group, _text(title)) for group, title in groups.items()),
        controls=tuple(_control(control, title) for control, title in controls.items()),
        crosswalk={},
    )


FRAMEWORKS = {
    "2013": _framework("2013", _CLAUSES, _CONTROLS_2013),
    "2022": _framework("2022", _THEMES, _CONTROLS_2022),
}
