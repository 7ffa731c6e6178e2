"""Puts lines into the files of Postfix."""

from __future__ import annotations

import re

from tests.lab.roundtrip.model import Bed
from tests.lab.roundtrip.placers.lines import parts, set_lines


def main_cf(bed: Bed) -> None:
    """Set the text's parameters in main.cf, and take what overrides them out of master.cf.

    Every client of the lab has an address that would count as the server itself: its own network is cut
    down to its address.
    """
    text = bed.text("postfix").replace("127.0.0.0/8 [::1]/128", f"{bed.place.address}/32")
    bed.install_certificate(text)
    lines = [line for name, found in parts(text) if name in ("", "main.cf") for line in found]
    bed.write("main.cf", set_lines(bed.read("main.cf"), lines, r"\s*=\s*"))
    keys = "|".join(re.split(r"\s*=", line, maxsplit=1)[0] for line in lines)
    if "master.cf" in bed.steps["postfix"]:
        bed.write("master.cf", re.sub(rf" -o (?:{keys})=\S+", "", bed.read("master.cf")))


def master_cf(bed: Bed) -> None:
    """Add the text's services to master.cf, at the server's address."""
    services = [line for name, found in parts(bed.text("postfix")) for line in found]
    entry = "\n".join(services).replace("submissions inet", f"{bed.place.address}:465 inet")
    # The lab's queue is not made for chroot, which Debian's is: other services there say "n" too.
    bed.write("master.cf", bed.read("master.cf") + entry.replace(" - y - - smtpd", " - n - - smtpd") + "\n")
