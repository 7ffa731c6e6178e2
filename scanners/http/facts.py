"""What the HTTP scanner can observe about one site, without following any redirect."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("http.spoken", FactType.BOOL, "the port answered HTTP"),
    FactSpec("http.scheme", FactType.STRING, "http or https, as the port speaks it"),
    FactSpec("http.status", FactType.INT, "status of GET /"),
    FactSpec("http.location", FactType.STRING, "Location of GET /; null when absent", True),
    FactSpec("http.redirects_to_https", FactType.BOOL, "GET / answers 3xx to an https URL of the same name"),
    FactSpec(
        "http.redirect_permanent", FactType.BOOL, "that redirect is 301 or 308; null when there is none", True
    ),
    FactSpec("http.server", FactType.STRING, "Server header", True),
    FactSpec("http.powered_by", FactType.STRING, "X-Powered-By header", True),
    FactSpec("http.strict_transport_security", FactType.STRING, "Strict-Transport-Security header", True),
    FactSpec(
        "http.hsts_max_age", FactType.INT, "max-age of it in seconds; null without header or number", True
    ),
    FactSpec("http.hsts_include_subdomains", FactType.BOOL, "includeSubDomains is set; false without header"),
    FactSpec("http.content_security_policy", FactType.STRING, "Content-Security-Policy header", True),
    FactSpec(
        "http.csp_script_sources",
        FactType.STRINGS,
        "effective script-src (else default-src) sources; empty without",
        False,
    ),
    FactSpec(
        "http.frame_protected",
        FactType.BOOL,
        "X-Frame-Options DENY/SAMEORIGIN or frame-ancestors other than *",
    ),
    FactSpec("http.content_type_options", FactType.STRING, "X-Content-Type-Options header", True),
    FactSpec(
        "http.referrer_policy", FactType.STRING, "last value of the Referrer-Policy header, lower case", True
    ),
    FactSpec("http.permissions_policy", FactType.STRING, "Permissions-Policy header", True),
    FactSpec("http.cache_control", FactType.STRING, "Cache-Control header", True),
    FactSpec(
        "http.cookies",
        FactType.RECORDS,
        "cookies set by GET /",
        record=("name", "secure", "http_only", "same_site"),
    ),
    FactSpec(
        "http.methods", FactType.STRINGS, "methods that OPTIONS / lists in Allow; empty when none are listed"
    ),
    FactSpec("http.trace", FactType.BOOL, "TRACE is answered with 200 and an echo of the request"),
    FactSpec(
        "http.cors_reflects_origin",
        FactType.BOOL,
        "a foreign Origin is reflected or * comes with credentials",
    ),
    FactSpec(
        "http.directory_listing", FactType.STRINGS, "asked paths that answered with a generated listing"
    ),
    FactSpec("http.exposed_vcs", FactType.STRINGS, "version control paths served with their real content"),
    FactSpec(
        "http.exposed_secrets",
        FactType.STRINGS,
        "environment and configuration files served with their real content",
    ),
    FactSpec(
        "http.exposed_backups",
        FactType.STRINGS,
        "backup, dump and archive paths served with their real content",
    ),
    FactSpec(
        "http.exposed_status", FactType.STRINGS, "diagnostic pages served: phpinfo, server-status, actuator …"
    ),
    FactSpec(
        "http.admin_panels", FactType.STRINGS, "administration pages that answered: phpMyAdmin, Adminer …"
    ),
    FactSpec("http.default_page", FactType.STRING, "the software whose default page GET / shows", True),
    FactSpec(
        "http.error_discloses",
        FactType.STRINGS,
        "what the page for a missing path discloses: version, path, trace",
    ),
    FactSpec("http.mixed_content", FactType.STRINGS, "http: resources loaded by an https page"),
    FactSpec("http.password_form", FactType.BOOL, "GET / shows a form with a password field"),
    FactSpec("http.password_form_insecure", FactType.BOOL, "such a form is on, or posts to, http:"),
    FactSpec("http.basic_auth", FactType.BOOL, "GET / asks for Basic authentication"),
    FactSpec(
        "http.gambling_words", FactType.STRINGS, "online gambling terms found in GET / (injected content)"
    ),
    FactSpec("http.security_txt", FactType.BOOL, "/.well-known/security.txt is served with a Contact line"),
    FactSpec("http.generator", FactType.STRING, "content of the generator meta element", True),
)
