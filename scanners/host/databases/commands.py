"""What the area `databases` runs as root: it reads, and every argument is fixed. Pure."""

# ruff: noqa: S608 -- every statement is put together from constants of this module
from __future__ import annotations

_TEST_WORDS = (
    "test|testing|uji|coba|demo|dev|develop|development|staging|latihan|training|sample|contoh|copy|salinan"
)
_TEST_NAME = f"(^|[^a-z])({_TEST_WORDS})([^a-z]|$)"
"""Extended regular expression of the names of databases that are marked as test."""
_NIK = "[1-9][0-9]{5}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}"
"""Identity number: six digits of the region, day of birth (women: plus 40), month, year, four more."""
_PHONE = "([+]?62|0)8[1-9][0-9]{7,10}"
_ROWS = 1000
"""Rows of a table that are looked at."""
_COLUMNS = 200
"""Columns of a database server that are looked at."""
_WIDE_RIGHTS = (
    *("SUPER", "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "FILE", "GRANT OPTION"),
    *("CREATE USER", "SHUTDOWN", "EXECUTE", "SYSTEM_USER", "SYSTEM_VARIABLES_ADMIN", "ROLE_ADMIN"),
    *("SET_USER_ID", "SET_ANY_DEFINER", "SET USER", "READ_ONLY ADMIN", "FEDERATED ADMIN"),
)
"""Rights over all databases that one application never needs; those of replication and watching are not."""
_VARIABLES = (
    *("version", "datadir", "bind_address", "skip_networking", "require_secure_transport", "have_ssl"),
    *("innodb_encrypt_tables", "default_table_encryption"),
)


def _listed(words: tuple[str, ...]) -> str:
    return ",".join(f"'{word}'" for word in words)


_ROLE_RIGHTS = ", ".join(
    f"IF({column}_priv='Y','{column.upper().replace('_', ' ')}','')"
    for column in (
        *("Super", "Select", "Insert", "Update", "Delete", "Create", "Drop", "Alter", "File", "Create_user"),
        *("Shutdown", "Execute"),
    )
)
_ACCOUNTS = (
    # A column that a release lacks is found in `o` instead of in mysql.user: one text for all releases.
    "SELECT 'account', o.User, o.Host, (SELECT CONCAT_WS(',', plugin,"
    " IFNULL(Password,'')='' AND IFNULL(authentication_string,'')='', is_role, account_locked, ssl_type)"
    " FROM mysql.user u WHERE u.User=o.User AND u.Host=o.Host LIMIT 1)"
    " FROM (SELECT User, Host, '' AS plugin, '' AS Password, '' AS authentication_string, 'N' AS is_role,"
    " 'N' AS account_locked FROM mysql.user) o;",
    # MariaDB since 10.4 tells in its view neither locks nor second ways to log in.
    "SELECT 'more', User, Host, IFNULL(JSON_VALUE(Priv,'$.account_locked'),0),"
    " IFNULL(JSON_CONTAINS(JSON_EXTRACT(Priv,'$.auth_or[*].authentication_string'),'\"\"'),0)"
    " FROM mysql.global_priv;",
    "SELECT 'right', GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES"
    f" WHERE PRIVILEGE_TYPE IN ({_listed(_WIDE_RIGHTS)});",
    # MariaDB lists what accounts hold there, and leaves out what roles hold.
    f"SELECT 'granted', User, {_ROLE_RIGHTS} FROM mysql.user WHERE is_role='Y';",
    "SELECT 'role', User, Host, Role, '' FROM mysql.roles_mapping;",
    "SELECT 'role', TO_USER, TO_HOST, FROM_USER, FROM_HOST FROM mysql.role_edges;",
    f"SHOW GLOBAL VARIABLES WHERE Variable_name IN ({_listed(_VARIABLES)});",
    "SELECT 'database', SCHEMA_NAME FROM information_schema.SCHEMATA;",
    "SELECT 'answered';",
)
_REPLICATION = (
    "SHOW ALL SLAVES STATUS;",
    "SHOW SLAVE STATUS;",
    "SHOW REPLICA STATUS;",
    "SELECT 1 AS answered;",
)
_POSTGRESQL = (
    "SELECT 'role' AS kind, rolname AS name, rolsuper AS super, rolcanlogin AS login,"
    " rolcreaterole AS makes_roles, CASE WHEN rolpassword IS NULL THEN 'none'"
    " WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'other' END AS stored FROM pg_authid",
    "SELECT 'member' AS kind, u.rolname AS name, r.rolname AS role FROM pg_auth_members m"
    " JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member",
    "SELECT 'database' AS kind, datname AS name FROM pg_database WHERE NOT datistemplate",
    "SELECT 'setting' AS kind, name, setting FROM pg_settings"
    " WHERE name IN ('ssl','listen_addresses','hba_file','data_directory')",
    "SELECT 'standby' AS kind, pg_is_in_recovery() AS recovering,"
    " extract(epoch FROM now() - pg_last_xact_replay_timestamp())::int AS delay",
    # The names of these functions changed with release 10: the statement for the other release fails.
    "SELECT 'received' AS kind, pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AS all_replayed,"
    " EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming') AS streaming",
    "SELECT 'received' AS kind, pg_last_xlog_receive_location() = pg_last_xlog_replay_location()"
    " AS all_replayed, NULL AS streaming",
    "SELECT 'replica' AS kind, application_name AS name, state,"
    " extract(epoch FROM replay_lag)::int AS delay FROM pg_stat_replication",
    "SELECT 'replica' AS kind, application_name AS name, state, NULL AS delay FROM pg_stat_replication"
    " WHERE current_setting('server_version_num')::int < 100000",
    "SELECT 'slot' AS kind, slot_name AS name, active FROM pg_replication_slots",
    "SELECT 'answered' AS kind",
)
_SOCKETS = (
    "export PGOPTIONS=-cdefault_transaction_read_only=on PGCONNECT_TIMEOUT=5;"
    " for s in /run/postgresql/.s.PGSQL.* /var/run/postgresql/.s.PGSQL.* /tmp/.s.PGSQL.*;"
    # /var/run is /run since systemd: the same socket is asked once.
    " do [ -S $s ] || continue; case $s in /var/run/*) [ -S ${s#/var} ] && continue ;; esac; "
)
_PSQL = "psql -XAtqw -h ${s%/*} -p ${s##*.}"
_STORES = (
    'FNR == 1 { print "==> " FILENAME " <== read" }'
    ' { gsub(/[ ]*=[ ]*/, "="); k = tolower($1); v = $2; gsub(/["\']/, "", v) }'
    # What a secret may stand in is told as set or unset.
    ' k ~ /^(requirepass|keyfile:)$/ { print k, (v == "" ? "unset" : "set"); next }'
    ' k ~ /^keyfile=/ { print "keyfile: set"; next }'
    ' k == "user" { line = "user " v; for (i = 3; i <= NF; i++) if ($i ~ /^[>#]/) line = line " password";'
    ' else if ($i ~ /^(on|off|nopass|resetpass|reset)$/) line = line " " $i; print line; next }'
    " k ~ /^(bind|port|tls-port|protected-mode|include|aclfile|unixsocket|unixsocketperm)$/"
    " || k ~ /^(authorization|transitiontoauth|bindip|bindipall):$/ || k ~ /^(auth|noauth|bind_ip)=/"
    " || k ~ /^-[lsSUpY]/ || k ~ /^options=/ { $1 = k; print }"
)
_HBA = (
    'FNR == 1 { print "==> " FILENAME " <== read" } { continued = index($0, sprintf("%c", 92));'
    ' sub(/#.*/, "") }'
    # An option such as ldapbindpasswd= is behind the method: what is before it decides who gets in.
    " $1 ~ /^(host|hostssl|hostnossl|hostgssenc|hostnogssenc)$/ && !continued"
    ' { line = $1 " " $2 " " $3 " " $4; for (i = 5; i <= NF && i < 12; i++) { line = line " " $i;'
    " if ($i ~ /^(trust|reject|scram-sha-256|md5|password|gss|sspi|ident|peer|ldap|radius"
    "|cert|pam|bsd|oauth)$/)"
    " { print line; next } } }"
    ' $1 == "local" && !continued { print "local"; next }'
    ' $1 ~ /^(include|include_if_exists|include_dir)$/ { print "include"; next }'
    # No rule that is known: the reader says so, and not what the line holds.
    ' NF || continued { print "other" }'
)
_UNNAMED = "*[[:cntrl:]]*"
"""A name with a line end in it could be taken for another line."""


def _mysql(program: str, *options: str, statements: tuple[str, ...]) -> tuple[str, ...]:
    """Return a call of the client; a statement that fails does not keep the next from being asked."""
    asked = tuple(word for one in statements for word in ("-e", one))
    # The first -e switches --force off, so it comes last.
    return (program, "--protocol=socket", "--connect-timeout=5", *options, *asked, "--force")


def _postgresql(script: str) -> tuple[str, ...]:
    """Return a call as the account of the server, once for each socket of a running one."""
    return ("runuser", "-s", "/bin/sh", "-c", f"{_SOCKETS}{script} done", "postgres")


def _counts(text: str, place: str, quoted: str) -> str:
    """Return SQL that counts in one column; `text` is an SQL expression of the column, cut short."""
    matches = f"IFNULL(SUM(c REGEXP {quoted}(^|[^0-9])%s([^0-9]|$){quoted}),0)"
    return f"COUNT(*), {matches % _NIK}, {matches % _PHONE} FROM (SELECT {text} AS c FROM {place}"


def _identities_mysql(program: str) -> tuple[str, ...]:
    plain = "REGEXP '^[A-Za-z0-9_]+$'"
    counts = _counts("LEFT(', COLUMN_NAME, ',500)", "', TABLE_SCHEMA, '.', TABLE_NAME, '", "''")
    make = (
        f"SELECT CONCAT('SELECT ', QUOTE(TABLE_SCHEMA), ', {counts} LIMIT {_ROWS}) x;')"
        " FROM information_schema.COLUMNS JOIN information_schema.TABLES USING (TABLE_SCHEMA, TABLE_NAME)"
        " WHERE TABLE_TYPE = 'BASE TABLE' AND DATA_TYPE IN ('char','varchar','tinytext','text',"
        f"'mediumtext','longtext','bigint','decimal') AND LOWER(TABLE_SCHEMA) REGEXP '{_TEST_NAME}'"
        f" AND TABLE_SCHEMA {plain} AND TABLE_NAME {plain} AND COLUMN_NAME {plain} LIMIT {_COLUMNS};"
    )
    client = f"{program} --protocol=socket --connect-timeout=5 -N -B"
    answered = "SELECT 1 AS answered"
    # The pattern of the end of a word, `$`, stands before a sign that the shell leaves alone.
    return ("sh", "-c", f'{client} -e "{make}" | {client} --force; {client} -e "{answered}"')


def _identities_postgresql() -> tuple[str, ...]:
    plain = "~ '^[a-z0-9_]+$'"
    one = "(^|[^0-9])%s([^0-9]|$)"
    make = (
        "SELECT format('SELECT current_database(), count(*),"
        f" count(CASE WHEN c ~ ''{one % _NIK}'' THEN 1 END), count(CASE WHEN c ~ ''{one % _PHONE}'' THEN 1"
        f" END) FROM (SELECT left(%I::text,500) AS c FROM %I.%I LIMIT {_ROWS}) x;', column_name,"
        " table_schema, table_name) FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name) WHERE table_type = 'BASE TABLE' AND table_schema NOT IN"
        " ('pg_catalog','information_schema') AND data_type IN ('character','character varying','text',"
        f"'bigint','numeric') AND table_name {plain} AND column_name {plain} AND table_schema {plain}"
        f" LIMIT {_COLUMNS}"
    )
    names = (
        "SELECT datname FROM pg_database WHERE datallowconn AND datname ~ '^[A-Za-z0-9_]+$'"
        f" AND lower(datname) ~ '{_TEST_NAME}'"
    )
    each = f'{_PSQL} -d $d -c "{make}" | {_PSQL} -d $d -F " "'
    return _postgresql(f'for d in $({_PSQL} -c "{names}"); do {each}; done; {_PSQL} -c "SELECT 1";')


def _each_statement() -> str:
    text = " ".join(f"SELECT row_to_json(t) FROM ({one}) t;" for one in _POSTGRESQL)
    return f'echo "{text}" | {_PSQL};'


def _found(places: tuple[str, ...], depth: int, names: tuple[str, ...], program: str) -> tuple[str, ...]:
    either = [word for name in names for word in ("-o", "-name", name)][1:]
    # Whoever owns such a folder may put a link or a pipe there: neither is opened.
    chosen = ("-maxdepth", str(depth), "-type", "f", "(", *either, ")")
    unnamed = ("-path", _UNNAMED, "-exec", "sh", "-c", "echo '==> /unnamed <== denied'", "sh", "{}", "+")
    return ("find", *places, *chosen, "(", *unnamed, "-o", "-exec", "awk", program, "{}", "+", ")")


PRIVILEGED: dict[str, tuple[str, ...]] = {
    # The client has one name or the other, depending on the release.
    **{
        key: command
        for program in ("mariadb", "mysql")
        for key, command in {
            f"{program}-accounts": _mysql(program, "-N", "-B", statements=_ACCOUNTS),
            f"{program}-replication": _mysql(program, "-E", statements=_REPLICATION),
            f"{program}-identities": _identities_mysql(program),
        }.items()
    },
    "postgresql-accounts": _postgresql(_each_statement()),
    "postgresql-identities": _identities_postgresql(),
    "postgresql-rules": _found(
        ("/etc/postgresql", "/var/lib/pgsql", "/var/lib/postgresql"), 3, ("pg_hba.conf",), _HBA
    ),
    "store-settings": _found(
        (
            *("/etc/redis", "/etc/redis.conf", "/etc/valkey", "/etc/mongod.conf", "/etc/mongodb.conf"),
            *("/etc/memcached.conf", "/etc/sysconfig/memcached"),
        ),
        2,
        ("redis*.conf", "valkey*.conf", "*.acl", "mongod*.conf", "memcached*"),
        _STORES,
    ),
}
