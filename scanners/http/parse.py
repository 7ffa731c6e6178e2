"""Turn headers into facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.model.facts import JSON, Facts
from scanners.http.message import Response, Site

_MAX_AGE = re.compile(r"\"?(\d{1,15})\d*\"?")
_BASIC = re.compile(r"(?:^|,)\s*basic(?:\s|,|$)", re.IGNORECASE)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_REFERRER_POLICIES = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "origin",
        "origin-when-cross-origin",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)
_NAME_MAX = 200
_VALUE_MAX = 200
_PLATFORM = (
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "x-powered-cms",
    "x-cms",
    "x-joomla-version",
    "x-drupal-version",
    "x-backend-server",
    "liferay-portal",
    "microsoftsharepointteamservices",
)
_OPEN_SOURCE = re.compile(r"(?:https?:|data:|blob:|(?:https?://)?\*(?::[0-9*]+)?)")
_PROOFS = ("'nonce-", "'sha")
Policy = dict[str, list[str]]
"""Directive → its sources."""


def header_facts(site: Site, response: Response) -> dict[str, JSON]:
    """Return the facts that the head of the answer to GET / gives."""
    policies = _policies(response)
    redirects = site.leads_to_https(response)
    return {
        "http.spoken": True,
        "http.scheme": site.scheme,
        "http.name": site.dns_name,
        "http.status": response.status,
        "http.location": response.first("location"),
        "http.redirects_to_https": redirects,
        "http.redirect_permanent": response.status in (301, 308) if redirects else None,
        "http.redirects_to_http": site.leads_to_http(response),
        "http.server": response.joined("server"),
        "http.powered_by": response.joined("x-powered-by"),
        "http.platform_headers": [
            f"{name}: {value[:_VALUE_MAX]}" for name in _PLATFORM for value in response.all(name)
        ],
        **_transport_security(response),
        "http.content_security_policy_report_only": response.joined("content-security-policy-report-only"),
        "http.content_security_policy": response.joined("content-security-policy"),
        "http.csp_script_sources": list(_script_sources(policies)),
        "http.frame_protected": _frame_protected(response, policies),
        "http.content_type_options": response.joined("x-content-type-options"),
        "http.referrer_policy": _referrer_policy(response),
        "http.permissions_policy": response.joined("permissions-policy"),
        "http.cache_control": response.joined("cache-control"),
        "http.cookies": cookies_of(response),
        "http.basic_auth": any(_BASIC.search(value) for value in response.all("www-authenticate")),
    }


def allowed_methods(response: Response) -> list[str]:
    """Return the methods of the Allow header, sorted."""
    names = (name.strip() for name in (response.joined("allow") or "").split(","))
    return sorted({name.upper() for name in names if _TOKEN.fullmatch(name)})


def reflects_origin(response: Response, origin: str) -> bool:
    """Return whether a foreign origin may read the answer, or any origin with the visitor's credentials."""
    allowed = (response.first("access-control-allow-origin") or "").strip()
    credentials = (response.first("access-control-allow-credentials") or "").strip().lower() == "true"
    return allowed.lower() == origin.lower() or (allowed == "*" and credentials)


def cookies_of(response: Response) -> list[JSON]:
    """Return the cookies an answer sets, without their values."""
    return [_cookie(value) for value in response.all("set-cookie")]


def upgrades_requests(response: Response) -> bool:
    """Return whether the Content Security Policy turns http: resources into https: ones."""
    return any("upgrade-insecure-requests" in policy for policy in _policies(response))


def _transport_security(response: Response) -> Facts:
    """Only the first header counts (RFC 6797, section 8.1)."""
    value = response.first("strict-transport-security")
    directives: dict[str, str] = {}
    for part in (value or "").split(";"):
        name, _, argument = part.partition("=")
        directives.setdefault(name.strip().lower(), argument.strip())
    max_age = _MAX_AGE.fullmatch(directives.get("max-age", ""))
    return {
        "http.strict_transport_security": value,
        "http.hsts_max_age": int(max_age[1]) if max_age else None,
        "http.hsts_include_subdomains": "includesubdomains" in directives,
        "http.hsts_preload": "preload" in directives,
    }


def _policies(response: Response) -> list[Policy]:
    """Return every policy; the first of two equal directives counts (CSP 3, section 2.2.1)."""
    policies: list[Policy] = []
    for text in ",".join(response.all("content-security-policy")).split(","):
        policy: Policy = {}
        for directive in text.split(";"):
            name, *sources = directive.split() or [""]
            policy.setdefault(name.lower(), sources)
        policy.pop("", None)
        if policy:
            policies.append(policy)
    return policies


def _script_sources(policies: Iterable[Policy]) -> list[str]:
    """Return the script sources as browsers apply them; empty when no policy limits scripts.

    Of several policies, each of which must allow a script, the one with the fewest open sources is taken,
    without the `unsafe` keywords that another refuses: never stricter than what browsers do.
    """
    allowed = [
        _effective(policy.get("script-src", policy.get("default-src", [])))
        for policy in policies
        if "script-src" in policy or "default-src" in policy
    ]
    if not allowed:
        return []
    chosen = min(allowed, key=lambda sources: sum(bool(_OPEN_SOURCE.fullmatch(source)) for source in sources))
    kept = (
        source
        for source in chosen
        if not source.startswith("'unsafe-") or all(source in sources for sources in allowed)
    )
    return list(dict.fromkeys(kept)) or ["'none'"]


def _effective(sources: list[str]) -> list[str]:
    """Leave out what browsers ignore beside a nonce, a hash or 'strict-dynamic' (CSP 3, 6.7.3 and 8.2)."""
    known = [source if source.lower().startswith(_PROOFS) else source.lower() for source in sources]
    if not any(source.lower().startswith(_PROOFS) for source in known):
        return known
    if "'strict-dynamic'" in known:
        known = [source for source in known if source.startswith("'") and source != "'self'"]
    return [source for source in known if source != "'unsafe-inline'"]


def _frame_protected(response: Response, policies: Iterable[Policy]) -> bool:
    """Return whether framing is limited; frame-ancestors overrules X-Frame-Options (CSP 3, 6.4.2.2)."""
    ancestors = [policy["frame-ancestors"] for policy in policies if "frame-ancestors" in policy]
    if ancestors:
        return any(not _anybody(sources) for sources in ancestors)
    options = {part.strip().lower() for part in (response.joined("x-frame-options") or "").split(",")}
    return bool(options & {"deny", "sameorigin"})


def _anybody(sources: list[str]) -> bool:
    return any(source.lower() in ("*", "http:", "https:", "http://*", "https://*") for source in sources)


def _referrer_policy(response: Response) -> str | None:
    """Return the last value that browsers know, else the last (Referrer Policy, section 8.1)."""
    values = [value.strip().lower() for value in (response.joined("referrer-policy") or "").split(",")]
    known = [value for value in values if value in _REFERRER_POLICIES]
    return (known or values)[-1] or None


def _cookie(header: str) -> JSON:
    pair, *attributes = header.split(";")
    given: dict[str, str] = {}
    for attribute in attributes:
        name, _, value = attribute.partition("=")
        given[name.strip().lower()] = value.strip().lower()
    return {
        "name": pair.partition("=")[0].strip()[:_NAME_MAX],
        "secure": "secure" in given,
        "http_only": "httponly" in given,
        "same_site": given["samesite"].capitalize() if "samesite" in given else None,
    }
