"""Facts of the area `accounts`."""

from __future__ import annotations

from auditor.model.facts import FactSpec, FactType

FACTS: tuple[FactSpec, ...] = (
    FactSpec("host.account_names", FactType.STRINGS, "accounts of /etc/passwd"),
    FactSpec("host.account_root_ids", FactType.STRINGS, "accounts with UID 0"),
    FactSpec(
        "host.account_duplicates",
        FactType.STRINGS,
        "names, UIDs and GIDs that stand for more than one account or group",
    ),
    FactSpec(
        "host.account_interactive",
        FactType.STRINGS,
        "accounts with a login shell and a UID of people; root is not among them",
    ),
    FactSpec("host.account_system_shells", FactType.STRINGS, "accounts of programs that have a login shell"),
    FactSpec(
        "host.account_system_passwords", FactType.STRINGS, "accounts of programs whose password is not locked"
    ),
    FactSpec("host.account_passwords", FactType.STRINGS, "accounts with a password that opens them"),
    FactSpec("host.account_passwords_empty", FactType.STRINGS, "accounts that an empty password opens"),
    FactSpec(
        "host.account_passwords_unshadowed",
        FactType.STRINGS,
        "accounts whose password stands in /etc/passwd, which everybody reads",
    ),
    FactSpec(
        "host.account_active",
        FactType.STRINGS,
        "accounts with a login shell that a password or a key opens now: not locked, not expired",
    ),
    FactSpec(
        "host.account_expiries",
        FactType.RECORDS,
        "accounts that expire; expires is the begin of the day from which on they are closed, RFC 3339",
        record=("account", "expires"),
    ),
    FactSpec(
        "host.account_unused",
        FactType.RECORDS,
        "active accounts of people that can have a terminal, but for the one that looked; days since the last"
        " login, or since the password was set where there was none",
        record=("account", "days"),
    ),
    FactSpec(
        "host.account_keys",
        FactType.RECORDS,
        "public keys that open accounts over SSH; type as in authorized_keys, fingerprint with SHA256:, names"
        " of the options with commas between",
        record=("account", "type", "bits", "fingerprint", "options"),
    ),
    FactSpec(
        "host.account_keys_shared", FactType.STRINGS, "keys that open more than one account, with these"
    ),
    FactSpec(
        "host.account_directories",
        FactType.STRINGS,
        "directory services that may know accounts beyond /etc/passwd: sss, ldap, winbind, nis …",
    ),
    FactSpec(
        "host.account_administrators",
        FactType.RECORDS,
        "accounts but root in groups that give the rights of root, or of reading everything",
        record=("account", "groups"),
    ),
    FactSpec(
        "host.account_administrators_by_sudo",
        FactType.STRINGS,
        "accounts but root, and %groups without a known member, to whom sudoers gives everything",
    ),
    FactSpec(
        "host.account_roles",
        FactType.RECORDS,
        "roles that groups give to accounts with a login shell; role is system, database, application or log",
        record=("account", "role"),
    ),
    FactSpec(
        "host.account_single_factor",
        FactType.STRINGS,
        "administrators, root with them, whom one factor alone brings to a shell over SSH",
    ),
    FactSpec(
        "host.account_sessions",
        FactType.RECORDS,
        "sessions of the last 90 days by account and hours in the host's time zone; to_hour counts on from"
        " the day of the begin (26 is two o'clock in the next night), null where no end was recorded; last is"
        " the newest begin, RFC 3339",
        record=("account", "from_hour", "to_hour", "sessions", "last"),
    ),
    FactSpec(
        "host.account_sessions_since",
        FactType.STRING,
        "since when the host's records of sessions tell, RFC 3339",
    ),
    FactSpec(
        "host.home_directories_open",
        FactType.STRINGS,
        "homes of people and root that others may write, or that another owns, with the mode or owner",
    ),
    FactSpec(
        "host.home_files_open",
        FactType.STRINGS,
        "dot files that others may write or own, and private keys and passwords that others may read",
    ),
    FactSpec("host.su_group", FactType.STRING, "group that su is limited to; null: everybody may try", True),
    FactSpec(
        "host.password_length",
        FactType.INT,
        "fewest characters of a new password, credits for kinds of characters taken off",
    ),
    FactSpec(
        "host.password_dictionary", FactType.BOOL, "words of a dictionary are refused as a new password"
    ),
    FactSpec(
        "host.password_methods",
        FactType.STRINGS,
        "how new passwords are hashed, by PAM and by login.defs: yescrypt, sha512, md5, des …",
    ),
    FactSpec(
        "host.password_hashes",
        FactType.RECORDS,
        "method of every hash that is kept, those of locked accounts too",
        record=("account", "method"),
    ),
    FactSpec("host.password_remembered", FactType.INT, "how many old passwords are refused; 0: none"),
    FactSpec(
        "host.password_days",
        FactType.RECORDS,
        "maximum age in days of every password that opens an account with a login shell; 0: no limit",
        record=("account", "days"),
    ),
    FactSpec("host.password_days_new", FactType.INT, "maximum age in days of new accounts; 0: no limit"),
    FactSpec(
        "host.lockout_tries",
        FactType.INT,
        "wrong passwords after which an account is locked, over SSH and on the console; null: never",
        True,
    ),
    FactSpec("host.console_logins", FactType.STRINGS, "files that start a login on a console"),
    FactSpec(
        "host.contact_files",
        FactType.STRINGS,
        "files that name people to call: by their own name, or texts before and after login that speak of it",
    ),
)
