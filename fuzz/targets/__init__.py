"""Every target by its name."""

from __future__ import annotations

from collections.abc import Mapping

from fuzz.target import Target
from fuzz.targets import certificates, documents, domains, nmap, services, software, ssh, tls, udp, web, wire

_MODULES = (nmap, tls, certificates, ssh, services, udp, web, domains, documents, wire, software)
TARGETS: Mapping[str, Target] = {target.name: target for module in _MODULES for target in module.TARGETS}
