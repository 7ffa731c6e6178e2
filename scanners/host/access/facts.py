"""Facts of the area `access`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

_SSHD = (
    FactSpec(
        "host.sshd_permit_root_login",
        FactType.STRING,
        "PermitRootLogin in force: no, yes, prohibit-password or forced-commands-only",
    ),
    FactSpec(
        "host.sshd_password_alone",
        FactType.BOOL,
        "a password opens an account without a key or a second factor that PAM asks of everybody",
    ),
    FactSpec(
        "host.sshd_password_alone_for",
        FactType.STRINGS,
        "Match blocks in whose settings a password alone opens an account",
    ),
    FactSpec(
        "host.sshd_authentication",
        FactType.STRINGS,
        "ways to log in that its settings switch on, by their names",
    ),
    FactSpec("host.sshd_permit_empty_passwords", FactType.BOOL, "PermitEmptyPasswords in force"),
    FactSpec("host.sshd_max_auth_tries", FactType.INT, "MaxAuthTries in force"),
    FactSpec("host.sshd_login_grace_seconds", FactType.INT, "LoginGraceTime in force; 0 is without limit"),
    FactSpec(
        "host.sshd_max_startups",
        FactType.INT,
        "number of connections without login from which all others are refused",
    ),
    FactSpec(
        "host.sshd_allowed",
        FactType.STRINGS,
        "AllowUsers as user:name and AllowGroups as group:name, in force",
    ),
    FactSpec(
        "host.sshd_unresponsive_seconds",
        FactType.INT,
        "after how long a connection that no longer answers is cut; 0 is never",
    ),
    FactSpec("host.sshd_host_based", FactType.BOOL, "HostbasedAuthentication in force"),
    FactSpec("host.sshd_ignores_rhosts", FactType.BOOL, "IgnoreRhosts is yes"),
    FactSpec(
        "host.sshd_forwarding",
        FactType.STRINGS,
        "what may be forwarded, of tcp, unix, agent, x11, tunnel and gateway",
    ),
    FactSpec("host.sshd_user_environment", FactType.BOOL, "PermitUserEnvironment is not no"),
    FactSpec("host.sshd_log_level", FactType.STRING, "LogLevel in force, in capitals"),
    FactSpec("host.sshd_ports", FactType.INTS, "ports that sshd listens on by its settings, ascending"),
    FactSpec(
        "host.sshd_match",
        FactType.RECORDS,
        "what Match blocks set, keywords and values in small letters",
        record=("criteria", "setting", "value"),
    ),
    FactSpec("host.sshd_ciphers", FactType.STRINGS, "Ciphers in force, in order"),
    FactSpec("host.sshd_macs", FactType.STRINGS, "MACs in force, in order"),
    FactSpec("host.sshd_kex", FactType.STRINGS, "KexAlgorithms in force, in order"),
    FactSpec("host.sshd_host_key_algorithms", FactType.STRINGS, "HostKeyAlgorithms in force, in order"),
)

_SESSIONS = (
    FactSpec(
        "host.idle_session_seconds",
        FactType.INT,
        "after how long the shell (TMOUT) or logind ends an idle session; null where neither does",
        nullable=True,
    ),
    FactSpec(
        "host.rhosts_files",
        FactType.STRINGS,
        "files by which another host is trusted: .rhosts, hosts.equiv …",
    ),
)

_SUDO = (
    FactSpec("host.sudo_installed", FactType.BOOL, "sudo is installed"),
    FactSpec(
        "host.sudo_without_password",
        FactType.STRINGS,
        "rules by which somebody becomes root without a password: who, command and file",
    ),
    FactSpec("host.sudo_authenticate_off", FactType.STRINGS, "Defaults that switch the password off"),
    FactSpec(
        "host.sudo_shared_password",
        FactType.STRINGS,
        "Defaults by which sudo asks for the password of root or another account instead of one's own",
    ),
    FactSpec("host.sudo_use_pty", FactType.BOOL, "commands run in a terminal of their own, for everybody"),
    FactSpec(
        "host.sudo_log",
        FactType.STRINGS,
        "where sudo notes what was run: syslog, the path of a file; or none",
    ),
)

_AUDIT = (
    FactSpec("host.audit_over_ssh", FactType.BOOL, "the audit came in over SSH, not on the machine itself"),
    FactSpec(
        "host.audit_rights",
        FactType.STRINGS,
        "what the account of the audit may run as root beyond commands that are fixed to the last argument",
    ),
    FactSpec(
        "host.audit_keys_unrestricted",
        FactType.INT,
        "keys of the account of the audit without `restrict` or what it stands for",
    ),
    FactSpec(
        "host.audit_keys_from_anywhere", FactType.INT, "keys of the account of the audit without `from=`"
    ),
    FactSpec(
        "host.audit_expires",
        FactType.STRING,
        "when the account of the audit or its last key ends, RFC 3339; null: never",
        nullable=True,
    ),
    FactSpec(
        "host.audit_tools", FactType.STRINGS, "tools of audits that are there, and stores of their results"
    ),
    FactSpec(
        "host.audit_tools_loose",
        FactType.STRINGS,
        "of these, what others than root own or may change, and stores that everybody may read",
    ),
    FactSpec(
        "host.audit_tools_unsummed",
        FactType.STRINGS,
        "programs among them of which no package keeps a checksum",
    ),
)

FACTS: tuple[FactSpec, ...] = (*_SSHD, *_SESSIONS, *_SUDO, *_AUDIT)
