"""Read software and version out of what a service says of itself, in nmap's words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.model.facts import JSON, Facts
from scanners.services.answers import TEXT_CHARACTERS


@dataclass(frozen=True, slots=True)
class _Known:
    service: str
    pattern: re.Pattern[str]
    """Its first group, when it has one, is the version."""
    product: str
    cpe: str = ""


def _known(service: str, pattern: str, product: str, cpe: str = "") -> _Known:
    return _Known(service, re.compile(pattern, re.IGNORECASE), product, cpe)


_NUMBER = r"([0-9]+(?:\.[0-9a-z_+~-]+)*)"
_KNOWN = (
    _known("ssh", r"OpenSSH_([0-9][0-9.p]*(?: \S+)?)", "OpenSSH", "openbsd:openssh"),
    _known("ssh", r"dropbear(?:_" + _NUMBER + ")?", "Dropbear sshd", "matt_johnston:dropbear_ssh_server"),
    _known("ssh", r"ROSSSH", "MikroTik RouterOS sshd", "mikrotik:routeros"),
    _known("ftp", r"vsFTPd " + _NUMBER, "vsftpd", "vsftpd:vsftpd"),
    _known("ftp", r"ProFTPD(?: " + _NUMBER + ")?", "ProFTPD", "proftpd:proftpd"),
    _known("ftp", r"Pure-FTPd", "Pure-FTPd", "pureftpd:pure-ftpd"),
    _known("ftp", r"FileZilla Server(?: (?:version )?" + _NUMBER + ")?", "FileZilla ftpd"),
    _known("ftp", r"Microsoft FTP Service", "Microsoft ftpd", "microsoft:ftp_service"),
    _known("ftp", r"MikroTik FTP server \(MikroTik " + _NUMBER, "MikroTik router ftpd", "mikrotik:routeros"),
    _known("smtp", r"Postfix(?: \(?([0-9]+\.[0-9.]+))?", "Postfix smtpd", "postfix:postfix"),
    _known("smtp", r"Exim(?: " + _NUMBER + ")?", "Exim smtpd", "exim:exim"),
    _known("smtp", r"Sendmail(?: " + _NUMBER + ")?", "Sendmail", "sendmail:sendmail"),
    _known("smtp", r"Microsoft ESMTP MAIL Service(?:, Version: " + _NUMBER + ")?", "Microsoft ESMTP"),
    _known("smtp", r"OpenSMTPD", "OpenSMTPD", "openbsd:opensmtpd"),
    _known("imap", r"Dovecot", "Dovecot imapd", "dovecot:dovecot"),
    _known("imap", r"Cyrus IMAP\S* v?" + _NUMBER, "Cyrus imapd", "cmu:cyrus_imap_server"),
    _known("imap", r"Courier-IMAP", "Courier Imapd"),
    _known("pop3", r"Dovecot", "Dovecot pop3d", "dovecot:dovecot"),
    _known("pop3", r"Cyrus POP3 v?" + _NUMBER, "Cyrus pop3d", "cmu:cyrus_imap_server"),
    _known("http", r"^nginx(?:/" + _NUMBER + ")?", "nginx", "igor_sysoev:nginx"),
    _known("http", r"^openresty(?:/" + _NUMBER + ")?", "OpenResty web app server", "openresty:ngx_openresty"),
    _known(
        "http",
        r"^Apache-Coyote/" + _NUMBER,
        "Apache Tomcat/Coyote JSP engine",
        "apache:coyote_http_connector",
    ),
    _known("http", r"^Apache(?:/" + _NUMBER + ")?", "Apache httpd", "apache:http_server"),
    _known("http", r"^lighttpd(?:/" + _NUMBER + ")?", "lighttpd", "lighttpd:lighttpd"),
    _known("http", r"^LiteSpeed", "LiteSpeed httpd", "litespeedtech:litespeed_web_server"),
    _known(
        "http", r"^Microsoft-IIS/" + _NUMBER, "Microsoft IIS httpd", "microsoft:internet_information_services"
    ),
    _known("http", r"^Microsoft-HTTPAPI/" + _NUMBER, "Microsoft HTTPAPI httpd"),
    _known("http", r"^Caddy", "Caddy httpd", "caddyserver:caddy"),
    _known("http", r"^squid(?:/" + _NUMBER + ")?", "Squid http proxy", "squid-cache:squid"),
    _known("http", r"^tinyproxy(?:/" + _NUMBER + ")?", "tinyproxy", "banu:tinyproxy"),
    _known("http", r"^MiniServ/" + _NUMBER, "MiniServ"),
    _known("http", r"^CouchDB/" + _NUMBER, "CouchDB httpd", "apache:couchdb"),
    _known("http", r"^Docker/" + _NUMBER, "Docker", "docker:docker"),
)
_TOKEN = re.compile(r"^([^\s/(][^/(]{0,60})(?:/([0-9][^\s;,(]*))?")


def product_of(service: str, text: str) -> Facts:
    """Return service.product, .version and .cpe from the words of a greeting or a Server header."""
    for known in _KNOWN:
        if known.service == service and (found := known.pattern.search(text)):
            version = found.group(1) if found.groups() else None
            return described(known.product, version, known.cpe)
    if service == "http" and (token := _TOKEN.match(text.strip())):
        return described(token.group(1).strip(), token.group(2), "")
    return described(None, None, "")


def described(product: str | None, version: str | None, cpe: str) -> Facts:
    """Return service.product, .version and .cpe; `cpe` is maker:product of an application, or nothing."""
    names: list[JSON] = []
    if cpe:
        # A CPE version holds no words after the number.
        number = (version or "").split(" ", 1)[0].lower()
        names.append(f"cpe:/a:{cpe}:{number}"[:TEXT_CHARACTERS] if number else f"cpe:/a:{cpe}")
    return {
        "service.product": product[:TEXT_CHARACTERS] if product else None,
        "service.version": version.replace("-", " ", 1)[:TEXT_CHARACTERS]
        if version and " " in version
        else version[:TEXT_CHARACTERS]
        if version
        else None,
        "service.cpe": names,
    }
