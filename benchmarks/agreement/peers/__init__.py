"""The peers: how each is asked, and how its answer reads in the words of our facts."""

from __future__ import annotations

from benchmarks.agreement.peers import nmap, openssl, ssh_audit, sslscan, testssl

PEERS = (sslscan.PEER, nmap.PEER, openssl.PEER, testssl.PEER, ssh_audit.PEER)
