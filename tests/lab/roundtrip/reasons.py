"""Why the lab shows some findings whose remedies it cannot put in place."""

from __future__ import annotations

from collections.abc import Mapping

_STAND_IN = "The lab has a stand-in that gives the answers of the real server, and no settings of it."
_FIREWALL = "The text is for a firewall, and all servers of the lab share that of the machine they run on. "
_APPLICATION = (
    "The remedy is work on an application; the lab has pages that look like one, and no application."
)
_UPGRADE = "The remedy is an upgrade; the lab runs what the distribution has."

REASONS: Mapping[str, str] = {
    "certificate-status-stapled": "The server has to ask its issuer's responder; the lab's CA has none.",
    "couchdb-authentication-required": _STAND_IN,
    "domain-signed": "The DS record has to go to the keeper of the parent zone, whom only people can ask.",
    "elasticsearch-authentication-required": _STAND_IN,
    "http-cms-supported": _APPLICATION,
    "http-components-patched": _APPLICATION,
    "http-domain-official": "The name has to be asked for at the office that gives names below go.id.",
    "http-free-mail-absent": "The mailbox has to be asked for at the office that runs the mail.",
    "http-gambling-absent": "The site has to be built anew from a copy older than the break-in.",
    "http-hosts-approved": "Which outside hosts may stay is a decision, written into the policy.",
    "http-libraries-patched": _APPLICATION,
    "kubernetes-api-restricted": _STAND_IN,
    "network-admin-ports-restricted": _FIREWALL + "It closes with the remedy of network-telnet-absent.",
    "network-back-end-restricted": _FIREWALL + "It closes with the remedy of database-access-restricted.",
    "network-docker-api-absent": _STAND_IN,
    "network-ports-approved": _FIREWALL + "It closes with the remedy of network-telnet-absent.",
    "network-retired-silent": (
        "The machine is to be switched off; on loopback an unused address answers too."
    ),
    "nfs-exports-restricted": "The text is for the server of the kernel; the lab has one without it.",
    "ntp-control-refused": _STAND_IN,
    "software-flaws-absent": _UPGRADE,
    "software-supported": _UPGRADE,
    "tls-extended-master-secret": _UPGRADE,
    "tls-post-quantum-offered": "The remedy needs OpenSSL 3.5, which Debian 12 and Ubuntu 24.04 do not have.",
    "tls-ssl-refused": "No packaged server speaks SSL 3.0 any more; what does in the lab has no settings.",
}
"""Check → why no round trip proves its remedy."""
