"""The area `register`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.register.facts import FACTS
from scanners.host.register.parts import FILES, KNOWN_TO_ALL
from scanners.host.register.read import READERS


def _below(places: tuple[str, ...]) -> tuple[str, ...]:
    tests = [("-o", "-path", place, "-o", "-path", f"{place}/*") for place in places]
    return tuple(word for test in tests for word in test)[1:]


REGISTER = Area(
    "register",
    FACTS,
    READERS,
    {
        # Files that may hold a password are told by the time of their last change, and keys not at all,
        # so that nobody can try words against a digest.
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
            *("(", "-path", "*[[:cntrl:]]*", "-exec", "sh", "-c", "echo unnamed", "sh", "{}", "+", "-o"),
            *("(", *_below(KNOWN_TO_ALL), ")", "-exec", "sha256sum", "{}", "+"),
            *("-o", "-printf", "%T@ ", "-print", ")"),
        ),
        "register-serial": ("cat", "/sys/class/dmi/id/product_serial"),
    },
)
