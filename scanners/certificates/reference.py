"""Collect the same certificates with sslyze's own command. Loading this module loads sslyze."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

from nassl._nassl import OpenSSLError
from nassl.ssl_client import ClientCertificateRequested
from sslyze.errors import ConnectionToServerFailed
from sslyze.plugins.certificate_info.implementation import CertificateInfoImplementation
from sslyze.server_connectivity import ClientAuthRequirementEnum, TlsVersionEnum

from auditor.model.facts import JSON
from scanners.base import Pace
from scanners.certificates.parse import Chain
from scanners.handshake.endpoint import DeadlineReached, Endpoint
from scanners.sslyze_engine import SSLYZE_VERSION, polite_engine, server_info

__all__ = ["SSLYZE_VERSION", "ask_sslyze", "disagreements"]

_BEST = (TlsVersionEnum.TLS_1_3, TlsVersionEnum.TLS_1_1, TlsVersionEnum.TLS_1_0)
"""What sslyze is told to be the best version, until it finds something; the first stands for TLS 1.2 too."""
_REFUSALS = (
    ConnectionToServerFailed,
    ClientCertificateRequested,
    DeadlineReached,
    OpenSSLError,
    OSError,
    ValueError,
)


def ask_sslyze(endpoint: Endpoint, pace: Pace) -> tuple[set[tuple[bytes, ...]], list[str]]:
    """Return the different chains that sslyze gets for the name asked, as DER, and why others failed."""
    chains: set[tuple[bytes, ...]] = set()
    failures: list[str] = []
    with polite_engine(endpoint, pace):
        for best in _BEST:
            server = server_info(endpoint, best, ClientAuthRequirementEnum.REQUIRED)
            for job in CertificateInfoImplementation.scan_jobs_for_scan_command(server):
                *_, with_name = job.function_arguments
                if not with_name:
                    continue
                try:
                    received, *_ = job.function_to_call(*job.function_arguments)
                except _REFUSALS as error:
                    failures.append(f"{best.name}: {type(error).__name__}: {error}"[:200])
                else:
                    chains.add(tuple(ssl.PEM_cert_to_DER_cert(pem) for pem in received))
            if chains:
                break
    return chains, failures


def disagreements(ours: Sequence[Chain], theirs: set[tuple[bytes, ...]]) -> list[JSON]:
    """Return one record where the chains differ: how many only we got, and how many only sslyze."""
    mine = {chain.certificates for chain in ours}
    if mine == theirs:
        return []
    return [
        {"fact": "certificates.deployments", "ours": len(mine - theirs), "sslyze": len(theirs - mine)},
    ]
