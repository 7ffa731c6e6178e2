"""Every case, by the software that is remedied."""

from __future__ import annotations

from tests.lab.roundtrip.cases import web_nginx
from tests.lab.roundtrip.model import Case

CASES: tuple[Case, ...] = (*web_nginx.CASES,)
