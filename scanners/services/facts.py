"""What the services scanner can observe about each open port."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS = (
    FactSpec("service.port", FactType.INT, "port number"),
    FactSpec("service.transport", FactType.STRING, "tcp"),
    FactSpec(
        "service.name",
        FactType.STRING,
        "what speaks there: as identified, else as the port number says; null when neither tells",
        nullable=True,
    ),
    FactSpec("service.product", FactType.STRING, "software as it names itself", nullable=True),
    FactSpec("service.version", FactType.STRING, "version as it names itself", nullable=True),
    FactSpec("service.cpe", FactType.STRINGS, "CPE names that nmap derived"),
    FactSpec("service.tls", FactType.BOOL, "speaks TLS from the first byte"),
    FactSpec("ftp.anonymous_login", FactType.BOOL, "an anonymous FTP login was accepted"),
    FactSpec("redis.unauthenticated", FactType.BOOL, "Redis answered INFO without a password"),
    FactSpec("memcached.unauthenticated", FactType.BOOL, "memcached answered stats without authentication"),
    FactSpec(
        "mongodb.unauthenticated", FactType.BOOL, "MongoDB answered with server data without authentication"
    ),
    FactSpec("rsync.modules", FactType.STRINGS, "rsync modules listed without authentication"),
    FactSpec("nfs.exports", FactType.STRINGS, "NFS exports shown to anybody"),
    FactSpec("x11.open", FactType.BOOL, "the X server accepts connections"),
    FactSpec("vnc.no_authentication", FactType.BOOL, "VNC offers the security type None"),
    FactSpec("dns.recursion", FactType.BOOL, "the name server answers recursive queries from here"),
    FactSpec("dns.version", FactType.STRING, "version.bind answer; null when refused", nullable=True),
    FactSpec("smb.smb1", FactType.BOOL, "SMB 1 is spoken"),
    FactSpec("smb.signing_required", FactType.BOOL, "SMB signing is required"),
    FactSpec("smtp.starttls", FactType.BOOL, "EHLO offers STARTTLS"),
    FactSpec("smtp.auth_before_tls", FactType.BOOL, "EHLO offers AUTH before TLS"),
    FactSpec("smtp.banner", FactType.STRING, "greeting line"),
    FactSpec("imap.starttls", FactType.BOOL, "CAPABILITY lists STARTTLS"),
    FactSpec("imap.login_before_tls", FactType.BOOL, "CAPABILITY lacks LOGINDISABLED before TLS"),
    FactSpec("pop3.starttls", FactType.BOOL, "CAPA lists STLS"),
    FactSpec("pop3.login_before_tls", FactType.BOOL, "CAPA lists USER or SASL PLAIN before TLS"),
    FactSpec("ftp.auth_tls", FactType.BOOL, "FEAT lists AUTH TLS, or the server agrees to it"),
    FactSpec("ftp.login_before_tls", FactType.BOOL, "USER is accepted before AUTH TLS"),
    FactSpec("postgresql.tls", FactType.BOOL, "SSLRequest is answered with S"),
    FactSpec(
        "ldap.anonymous_entries",
        FactType.BOOL,
        "an anonymous search below the naming context returned entries",
    ),
    FactSpec("ldap.starttls", FactType.BOOL, "the root DSE lists the StartTLS extension"),
    FactSpec(
        "rsync.open_modules", FactType.STRINGS, "modules that let a stranger in, of the first five listed"
    ),
    FactSpec("elasticsearch.unauthenticated", FactType.BOOL, "Elasticsearch tells its state without a login"),
    FactSpec("couchdb.unauthenticated", FactType.BOOL, "CouchDB lists its databases without a login"),
    FactSpec("docker.unauthenticated", FactType.BOOL, "the Docker interface obeys without a certificate"),
    FactSpec(
        "kubernetes.unauthenticated",
        FactType.BOOL,
        "Kubernetes lists its objects without a login or certificate",
    ),
    FactSpec("etcd.unauthenticated", FactType.BOOL, "etcd reads keys without a login or certificate"),
    FactSpec("mysql.unauthenticated", FactType.BOOL, "root gets in without a password"),
    FactSpec("mysql.tls", FactType.BOOL, "the greeting of MySQL or MariaDB offers TLS"),
    FactSpec("mssql.tls", FactType.BOOL, "SQL Server answers PRELOGIN with encryption"),
    FactSpec("postgresql.trust", FactType.BOOL, "postgres gets a session without a password"),
    FactSpec(
        "dns.transfer_allowed",
        FactType.BOOL,
        "a registered zone is handed over to anybody; null when none of them is held here",
        nullable=True,
    ),
    FactSpec("smtp.vrfy", FactType.BOOL, "VRFY tells which mailboxes exist"),
    FactSpec("smtp.expn", FactType.BOOL, "EXPN tells who is behind an address"),
    FactSpec(
        "smtp.open_relay", FactType.BOOL, "a stranger's mail to a stranger is taken at RCPT (with consent)"
    ),
    FactSpec(
        "smtp.mailboxes_accepted",
        FactType.STRINGS,
        "abuse and security mailboxes taken at RCPT (with consent)",
    ),
    FactSpec(
        "smtp.mailboxes_refused",
        FactType.STRINGS,
        "abuse and security mailboxes that RCPT calls unknown (with consent)",
    ),
    FactSpec("imap.banner", FactType.STRING, "greeting line without capabilities"),
    FactSpec("pop3.banner", FactType.STRING, "greeting line without its stamp"),
    FactSpec("rpcbind.programs", FactType.STRINGS, "RPC programs as number/version and TCP port"),
    FactSpec(
        "rdp.standard_security", FactType.BOOL, "sessions of the oldest kind, without TLS, are accepted"
    ),
    FactSpec("rdp.nla", FactType.BOOL, "network level authentication is demanded"),
    FactSpec("proxy.open", FactType.BOOL, "strangers are carried on (with consent)"),
)
