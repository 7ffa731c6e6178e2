"""The area `accounts`."""

from __future__ import annotations

from scanners.host.accounts.facts import FACTS
from scanners.host.accounts.read import READERS
from scanners.host.area import Area

ACCOUNTS = Area("accounts", FACTS, READERS)
