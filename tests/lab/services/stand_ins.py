"""Stand-ins for services that Debian has no package of: the few answers an audit asks them for, on nginx.

They are not the real servers. Each gives what the real one's documentation says it answers to a stranger.
"""

from __future__ import annotations

import json
from dataclasses import replace

from tests.lab.certificates import Shape
from tests.lab.pages import STRICT_HTTPS
from tests.lab.services.nginx import Site


def elasticsearch(*, login: bool = False, certificate: Shape | None = None) -> Site:
    """Return a stand-in for Elasticsearch on port 9200, with or without its security features."""
    if login:
        challenge = 'Basic realm="security" charset="UTF-8"'
        site = _json_site(9200, {}, refused=(401, challenge, _MISSING_LOGIN))
        return replace(site, certificates=(certificate,) if certificate else ())
    return _json_site(
        9200,
        {
            "/": {
                "name": "node-1",
                "cluster_name": "sipd",
                "cluster_uuid": "Y29udG9oLWNvbnRvaC0x",
                "version": {"number": "7.10.2", "lucene_version": "8.7.0"},
                "tagline": "You Know, for Search",
            },
            "/_cat/indices": [{"health": "yellow", "status": "open", "index": "pegawai"}],
        },
    )


def couchdb() -> Site:
    """Return a stand-in for CouchDB on port 5984 in its old "admin party": everybody is administrator."""
    return _json_site(
        5984,
        {
            "/": {
                "couchdb": "Welcome",
                "version": "2.3.1",
                "features": ["scheduler"],
                "vendor": {"name": "The Apache Software Foundation"},
            },
            "/_all_dbs": ["_replicator", "_users", "surat"],
        },
    )


def docker() -> Site:
    """Return a stand-in for the Docker Engine's API on port 2375 without TLS."""
    version = {
        "Version": "20.10.24",
        "ApiVersion": "1.41",
        "MinAPIVersion": "1.12",
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": "6.1.0-21-amd64",
    }
    return _json_site(
        2375,
        {"/version": version, "/info": {"ID": "LAB", "Containers": 2}, "/_ping": "OK"},
        headers=(("Api-Version", "1.41"), ("Docker-Experimental", "false"), ("Ostype", "linux")),
    )


def kubelet() -> Site:
    """Return a stand-in for a kubelet's port 10250 that lets strangers list pods (plain HTTP)."""
    return _json_site(
        10250, {"/pods": {"kind": "PodList", "apiVersion": "v1", "items": []}, "/healthz": "ok"}
    )


_MISSING_LOGIN = {
    "error": {
        "type": "security_exception",
        "reason": "missing authentication credentials for REST request [/]",
    },
    "status": 401,
}


def _json_site(
    port: int,
    answers: dict[str, object],
    *,
    headers: tuple[tuple[str, str], ...] = (),
    refused: tuple[int, str, object] | None = None,
) -> Site:
    """Return a site that answers exactly these paths with JSON, or everything with one refusal."""
    lines = ["default_type application/json;"]
    for path, body in answers.items():
        text = body if isinstance(body, str) else json.dumps(body)
        lines.append(f"location = {path} {{ return 200 '{text}'; }}")
    if refused:
        status, challenge, body = refused
        lines.append("location / {")
        for name, value in (("WWW-Authenticate", challenge), *STRICT_HTTPS):
            quoted = value.replace('"', '\\"')
            lines.append(f'  add_header {name} "{quoted}" always;')
        lines.append(f"  return {status} '{json.dumps(body)}'; }}")
    else:
        lines.append('location / { return 404 \'{"message": "page not found"}\'; }')
    return Site(port, {}, headers=headers, directives="\n        ".join(lines))
