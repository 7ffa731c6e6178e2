"""What the HTTP scanner can observe about one site.

"The pages read" are GET /, the page of this very site that it redirects to, and up to three pages of this
site that it links to (http.pages_read). No redirect to anywhere else is followed.
"""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("http.spoken", FactType.BOOL, "the port answered HTTP"),
    FactSpec("http.scheme", FactType.STRING, "http or https, as the port speaks it"),
    FactSpec("http.name", FactType.STRING, "host name that was asked for; null when only an address", True),
    FactSpec("http.status", FactType.INT, "status of GET /"),
    FactSpec(
        "http.milliseconds", FactType.INT, "time from request to whole answer of GET /, the faster of two"
    ),
    FactSpec("http.location", FactType.STRING, "Location of GET /; null when absent", True),
    FactSpec("http.redirects_to_https", FactType.BOOL, "GET / answers 3xx to an https URL of the same name"),
    FactSpec(
        "http.redirect_permanent", FactType.BOOL, "that redirect is 301 or 308; null when there is none", True
    ),
    FactSpec("http.redirects_to_http", FactType.BOOL, "an https site answers GET / with a redirect to http:"),
    FactSpec("http.server", FactType.STRING, "Server header", True),
    FactSpec("http.powered_by", FactType.STRING, "X-Powered-By header", True),
    FactSpec(
        "http.platform_headers",
        FactType.STRINGS,
        "headers that name the platform, as `name: value`: X-Generator, X-AspNet-Version …",
    ),
    FactSpec("http.strict_transport_security", FactType.STRING, "Strict-Transport-Security header", True),
    FactSpec(
        "http.hsts_max_age", FactType.INT, "max-age of it in seconds; null without header or number", True
    ),
    FactSpec("http.hsts_include_subdomains", FactType.BOOL, "includeSubDomains is set; false without header"),
    FactSpec("http.hsts_preload", FactType.BOOL, "preload is set; false without header"),
    FactSpec(
        "http.content_security_policy_report_only",
        FactType.STRING,
        "Content-Security-Policy-Report-Only header",
        True,
    ),
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
        "cookies set by GET / and by the login pages found",
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
    FactSpec(
        "http.api_descriptions",
        FactType.STRINGS,
        "paths that describe the API: OpenAPI, Swagger, GraphQL introspection",
    ),
    FactSpec("http.default_page", FactType.STRING, "the software whose default page GET / shows", True),
    FactSpec(
        "http.error_discloses",
        FactType.STRINGS,
        "what the answers to a missing path and a malformed parameter disclose: version, path, trace, sql",
    ),
    FactSpec("http.mixed_content", FactType.STRINGS, "http: resources loaded by the pages read, over https"),
    FactSpec(
        "http.password_form", FactType.BOOL, "a page read or a login page shows a form with a password field"
    ),
    FactSpec("http.password_form_insecure", FactType.BOOL, "such a form is on, or posts to, http:"),
    FactSpec("http.basic_auth", FactType.BOOL, "GET / asks for Basic authentication"),
    FactSpec(
        "http.gambling_words",
        FactType.STRINGS,
        "online gambling terms (injected content) in the pages read and the first megabyte of the sitemap",
    ),
    FactSpec(
        "http.gambling_to_crawlers",
        FactType.STRINGS,
        "such terms that GET / shows to the crawler of a search engine; null when it is refused",
        True,
    ),
    FactSpec("http.security_txt", FactType.BOOL, "/.well-known/security.txt is served with a Contact line"),
    FactSpec(
        "http.security_txt_contacts", FactType.STRINGS, "its contacts, in lower case; empty without the file"
    ),
    FactSpec(
        "http.security_txt_expires",
        FactType.STRING,
        "its Expires in RFC 3339; null without a valid one",
        True,
    ),
    FactSpec("http.generator", FactType.STRING, "content of the generator meta element", True),
    FactSpec("http.title", FactType.STRING, "title of the front page, at most 200 letters"),
    FactSpec(
        "http.front_digest",
        FactType.STRING,
        "SHA-256 of the front page's look: title, kinds of elements, form targets, foreign hosts; no texts",
    ),
    FactSpec("http.pages_read", FactType.STRINGS, "paths of the pages read"),
    FactSpec(
        "http.cms",
        FactType.STRING,
        "content management system: wordpress, joomla, opensid …; null when none is known",
        True,
    ),
    FactSpec(
        "http.cms_version",
        FactType.STRING,
        "its version; null without http.cms, missing when the system does not show it",
        True,
    ),
    FactSpec("http.components", FactType.STRINGS, "plugins and themes, as `name` or `name version`"),
    FactSpec("http.libraries", FactType.STRINGS, "browser libraries, as `name version`"),
    FactSpec(
        "http.webmail", FactType.STRING, "webmail: roundcube, zimbra, sogo …; null when none is known", True
    ),
    FactSpec(
        "http.webmail_version",
        FactType.STRING,
        "its version; null without http.webmail, missing when it does not show it",
        True,
    ),
    FactSpec(
        "http.scripts_without_integrity",
        FactType.STRINGS,
        "scripts from foreign hosts without integrity attribute",
    ),
    FactSpec(
        "http.external_hosts", FactType.STRINGS, "foreign hosts from which the pages read load anything"
    ),
    FactSpec(
        "http.login_pages", FactType.STRINGS, "paths that show a login form: pages read and usual login paths"
    ),
    FactSpec(
        "http.login_pages_unguarded",
        FactType.STRINGS,
        "those without a human check or second factor in the form",
    ),
    FactSpec("http.login_pages_cacheable", FactType.STRINGS, "those without Cache-Control: no-store"),
    FactSpec(
        "http.default_password_pages",
        FactType.STRINGS,
        "those, and pages read, whose text names a default password or what passwords are made of",
    ),
    FactSpec("http.post_forms", FactType.STRINGS, "forms sent by POST on these pages, as `page → action`"),
    FactSpec("http.forms_without_token", FactType.STRINGS, "those without an anti-forgery token"),
    FactSpec(
        "http.personal_data_forms",
        FactType.STRINGS,
        "pages read whose forms ask for name, NIK, phone or email",
    ),
    FactSpec(
        "http.personal_data_forms_unnoticed",
        FactType.STRINGS,
        "those that do not link to a privacy notice",
    ),
    FactSpec(
        "http.identity_numbers",
        FactType.INT,
        "how many different unmasked NIK or KK the pages read show; the numbers are never kept",
    ),
    FactSpec(
        "http.free_mail_contacts",
        FactType.STRINGS,
        "free mail services of published addresses, as `service (page)`; the addresses are not kept",
    ),
    FactSpec(
        "http.labelled_documents",
        FactType.STRINGS,
        "linked or listed documents whose name or link says that they are not public",
    ),
    FactSpec(
        "http.unknown_host_neutral",
        FactType.BOOL,
        "the bare address and an unknown Host show no other site; null when the site has no name",
        True,
    ),
    FactSpec(
        "http.unknown_host_answers",
        FactType.STRINGS,
        "what they were answered, as `host: status title or Location`",
    ),
)

FRONT_FACTS = (
    "http.status",
    "http.location",
    "http.server",
    "http.powered_by",
    "http.platform_headers",
    "http.title",
    "http.front_digest",
    "http.cms",
    "http.cms_version",
)
"""What tells that a site looks as it did: for noticing changes."""
SWEEP_FACTS: tuple[str, ...] = ()
"""Facts that may be taken over from an earlier measurement while FRONT_FACTS are equal: none.

An unchanged front page proves nothing about other paths. A dump is left in the web root, a panel is
installed, a login is opened or TRACE is refused without a letter of the front page changing; a fact taken
over would hide a leak, or keep accusing a site that was mended. What the front page does prove (product,
libraries, forms) is read off it anew each time and costs no further request.
"""
