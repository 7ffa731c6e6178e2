"""Real servers on loopback, good and bad, whose findings are known beforehand."""

from tests.lab.fleet import FLEET, OPDS, ZONES
from tests.lab.lab import Lab
from tests.lab.model import LabError, LabServer, Truth

__all__ = ["FLEET", "OPDS", "ZONES", "Lab", "LabError", "LabServer", "Truth"]
