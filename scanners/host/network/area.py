"""The area `network`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.network.facts import FACTS
from scanners.host.network.read import READERS

_OPENVPN = (
    "^[[:space:]]*(server|server-bridge|mode server|duplicate-cn|client-cert-not-required|verify-client-cert"
    "|auth-user-pass-verify|plugin)"
)

NETWORK = Area(
    "network",
    FACTS,
    READERS,
    {
        "firewall-nft": ("nft", "list", "ruleset"),
        "firewall-ipv4": ("iptables-save",),
        "firewall-ipv6": ("ip6tables-save",),
        # Neither of these two shows a key that is secret.
        "vpn-wireguard": ("wg", "show", "all", "latest-handshakes"),
        "vpn-networks": ("wg", "show", "all", "allowed-ips"),
        "vpn-openvpn": ("grep", "-rHsE", "--include=*.conf", _OPENVPN, "/etc/openvpn"),
    },
)
