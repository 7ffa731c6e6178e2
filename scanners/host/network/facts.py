"""Facts of the area `network`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS: tuple[FactSpec, ...] = (
    FactSpec(
        "host.listening",
        FactType.RECORDS,
        "sockets that wait for others; protocol is tcp or udp, address * for every one, program null without"
        " root; reach tells by the address who can come to it: loopback, private, public or every",
        record=("protocol", "address", "port", "program", "reach"),
    ),
    FactSpec("host.listening_names", FactType.STRINGS, "programs that listen, sorted; kernel for the kernel"),
    FactSpec(
        "host.firewall_open_inbound",
        FactType.STRINGS,
        "IP versions in which the packet filter lets a new connection in that no rule names: IPv4, IPv6",
    ),
    FactSpec(
        "host.firewall_open_outbound",
        FactType.STRINGS,
        "IP versions in which it lets a new connection out that no rule names: IPv4, IPv6",
    ),
    FactSpec(
        "host.firewall_open_ports",
        FactType.INTS,
        "TCP ports that the packet filter opens to every address of the internet, with a listener or sent on"
        " to another address (DNAT), ascending",
    ),
    FactSpec(
        "host.firewall_published_ports",
        FactType.INTS,
        "TCP ports that the packet filter sends on to another address (DNAT), as Docker publishes ports of"
        " containers, for every address of the internet, ascending",
    ),
    FactSpec(
        "host.docker_open_addresses",
        FactType.STRINGS,
        "TCP addresses on which the Docker daemon takes orders without a client certificate",
    ),
    FactSpec(
        "host.remote_tools",
        FactType.STRINGS,
        "programs for remote desktops and tunnels that are installed or run, sorted",
    ),
    FactSpec("host.vpn", FactType.STRINGS, "ways in by VPN: WireGuard interfaces, OpenVPN servers, others"),
    FactSpec(
        "host.vpn_shared", FactType.STRINGS, "settings of a VPN by which several people may come in as one"
    ),
    FactSpec(
        "host.vpn_peers",
        FactType.RECORDS,
        "peers of WireGuard; idle_days since each was last here, or since the start of the host",
        record=("interface", "peer", "networks", "idle_days"),
    ),
    FactSpec("host.resolvers", FactType.STRINGS, "addresses of the resolvers that are asked, sorted"),
    FactSpec("host.proxies", FactType.STRINGS, "proxies that programs are told to use, host:port, sorted"),
)
