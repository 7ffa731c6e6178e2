"""Whole hosts with a real init, whose inside an audit looks at: one hardened, three broken in known ways."""

from tests.lab.hosts.fleet import HOSTS
from tests.lab.hosts.lab import HostLab
from tests.lab.hosts.model import Host

__all__ = ["HOSTS", "Host", "HostLab"]
