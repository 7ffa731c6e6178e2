"""Every case, by the software that is remedied."""

from __future__ import annotations

from tests.lab.roundtrip.cases import (
    access,
    applications,
    domains,
    encryption,
    mail_and_names,
    stores,
    web_apache,
    web_nginx,
)
from tests.lab.roundtrip.model import Case

CASES: tuple[Case, ...] = (
    *web_nginx.CASES,
    *web_apache.CASES,
    *encryption.CASES,
    *access.CASES,
    *mail_and_names.CASES,
    *stores.CASES,
    *domains.CASES,
    *applications.CASES,
)
