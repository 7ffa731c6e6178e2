"""What the UDP scanner can observe about an address. Each fact exists only where its question was asked."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("udp.asked", FactType.STRINGS, "names of the questions that were asked, in order"),
    FactSpec(
        "udp.answered",
        FactType.BOOL,
        "anything at all came back for a question: an answer, or the word that a port is closed",
    ),
    FactSpec("udp.tftp", FactType.BOOL, "69/udp answered a request for an improbable file in TFTP"),
    FactSpec("udp.ntp_control", FactType.BOOL, "123/udp answered an NTP control query (mode 6)"),
    FactSpec("udp.ntp_monitoring", FactType.BOOL, "123/udp answered an NTP monitoring query (mode 7)"),
    FactSpec(
        "udp.netbios",
        FactType.BOOL,
        "137/udp answered a NetBIOS node status request; null over IPv6, where NetBIOS does not exist",
        nullable=True,
    ),
    FactSpec(
        "udp.snmp_communities",
        FactType.STRINGS,
        "which of the default community strings public and private 161/udp answered to",
    ),
    FactSpec("udp.snmp_version_3", FactType.BOOL, "161/udp answered an SNMPv3 engine discovery"),
    FactSpec("udp.ssdp", FactType.BOOL, "1900/udp answered an SSDP search sent to this address alone"),
    FactSpec("udp.mdns", FactType.BOOL, "5353/udp answered an mDNS question sent to this address alone"),
    FactSpec("udp.llmnr", FactType.BOOL, "5355/udp answered an LLMNR question sent to this address alone"),
    FactSpec("udp.ipmi", FactType.BOOL, "623/udp answered an RMCP presence ping or an IPMI greeting"),
)
