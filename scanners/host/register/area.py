"""The area `register`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.register.facts import FACTS
from scanners.host.register.parts import FILES
from scanners.host.register.read import READERS

REGISTER = Area(
    "register",
    FACTS,
    READERS,
    {
        # Files with passwords or keys are left out, so that nobody can try words against a digest.
        "register-configuration": (
            *("find", *FILES, "-xdev", "-type", "f", "!", "-name", "*_key*", "!", "-name", "*.key"),
            *(
                "!",
                "-name",
                "*.pem",
                "!",
                "-name",
                "*htpasswd*",
                "!",
                "-name",
                "auth.conf",
                "-size",
                "-1024k",
            ),
            *("-exec", "sha256sum", "{}", "+"),
        ),
        "register-serial": ("cat", "/sys/class/dmi/id/product_serial"),
    },
)
