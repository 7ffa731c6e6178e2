"""What is run as root for this area: two walks over the usual places of web content, and what containers run.

None of them prints what a file holds: names, modes, owners, sizes, names of patterns and counts.
"""

from __future__ import annotations

PLACES = (
    *("/var/www", "/srv", "/opt", "/home", "/www", "/web", "/app", "/data/www", "/data/web", "/data/wwwroot"),
    *("/usr/share/nginx", "/usr/share/apache2", "/usr/share/httpd", "/usr/share/phpmyadmin"),
    *("/usr/share/phpMyAdmin", "/usr/share/roundcube", "/var/lib/roundcube", "/usr/share/wordpress"),
    *("/usr/local/apache2/htdocs", "/usr/local/nginx/html", "/usr/local/www"),
)
"""Where web content is looked for; a document root elsewhere is named as not looked at."""
DATABASES = "/var/lib/mysql"
"""Its folders are the databases of MySQL and MariaDB."""
_CODE = (
    "php",
    "phtml",
    "php3",
    "php4",
    "php5",
    "php7",
    "php8",
    "pht",
    "phar",
    "jsp",
    "jspx",
    "asp",
    "aspx",
    "cgi",
    "pl",
)
_PRUNED = ("node_modules", ".cache", ".npm", "Maildir", "overlay2", "lost+found")
PRUNED_PLACES = ("/opt/gitlab", "/opt/zimbra", "/www/server", "/opt/google", "/opt/containerd")
_BACKUPS = (
    *(
        "*.sql",
        "*.sql.gz",
        "*.sql.bz2",
        "*.sql.xz",
        "*.sql.zip",
        "*.dump",
        "*.bak",
        "*.old",
        "*.orig",
        "*.save",
    ),
    *(
        "*.swp",
        "*~",
        "*.tar",
        "*.tar.gz",
        "*.tgz",
        "*.tar.bz2",
        "*.tar.xz",
        "*.zip",
        "*.rar",
        "*.7z",
        "*.wpress",
    ),
)
_SECRETS = (
    *(".env", ".env.*", "wp-config.php", "configuration.php", "LocalSettings.php", "config.inc.php"),
    *("koneksi*.php", "parameters.yml", "secrets.yml", "application.properties", "appsettings.json"),
    *("credentials.json", "auth.json", ".htpasswd", ".pgpass", ".my.cnf", ".netrc", ".git-credentials"),
    *("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "*.key"),
)
_SECRET_PATHS = ("*/application/config/database.php", "*/sites/*/settings.php", "*/.aws/credentials")
_FIELDS = "%m %u %g %s >"


def _any(test: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `( TEST value -o TEST value … )`."""
    listed = [word for value in values for word in ("-o", test, value)][1:]
    return ("(", *listed, ")")


def _told(tag: str) -> tuple[str, ...]:
    # No argument may hold a backslash, so -print is what ends the line; sudo reads two spaces as one.
    return ("-printf", f"{tag} {_FIELDS}", "-print")


_SKIPPED = (
    *("(", "-type", "d", "(", *_any("-name", _PRUNED), "-o", *_any("-path", PRUNED_PLACES), ")"),
    *("-prune", ")"),
)
_UNNAMED = "*[[:cntrl:]]*"
"""A name with a line end in it could be taken for another line."""


def _counted(*tests: str) -> tuple[str, ...]:
    """Return what passes over such names, and says that some are among folders, links and these files."""
    matter = ("-type", "d", "-o", "-type", "l", "-o", "-type", "f", *tests)
    told = ("-exec", "sh", "-c", "echo unnamed", "sh", "{}", "+")
    said = ("(", "(", *matter, ")", *told, "-o", "-true", ")")
    return ("-o", "(", "-name", _UNNAMED, "-o", "-lname", _UNNAMED, ")", *said, "-prune")


_CODE_FILES = _any("-name", tuple(f"*.{ending}" for ending in _CODE))
_SECRET_FILES = ("(", *_any("-name", _SECRETS), "-o", *_any("-path", _SECRET_PATHS), ")")

WALK = (
    *("find", *PLACES, DATABASES, "-xdev", *_SKIPPED),
    *_counted("(", *_any("-name", _BACKUPS), "-o", *_SECRET_FILES, "-o", *_CODE_FILES, ")"),
    *("-o", "-path", f"{DATABASES}/*", "(", "-type", "d", *_told("base"), "-prune", "-o", "-prune", ")"),
    *("-o", "-type", "d", *_any("-name", (".git", ".svn", ".hg", ".bzr")), *_told("repo"), "-prune"),
    *("-o", "-type", "d", *_told("dir")),
    *(
        "-o",
        "-type",
        "l",
        *_any("-lname", ("/*", "*../*")),
        "-xtype",
        "d",
        "-printf",
        "link %l =>",
        "-print",
    ),
    *("-o", "-type", "f", *_any("-name", _BACKUPS), *_told("backup")),
    *("-o", "-type", "f", *_SECRET_FILES, *_told("secret")),
    *("-o", "-type", "f", *_CODE_FILES, *_told("code")),
)
"""Names of what matters below the places: one line each, `tag mode owner group size path`."""

_SIGNS = "|".join(
    (
        "eval *[(] *(base64_decode|gzinflate|gzuncompress|str_rot13|strrev|hex2bin|rawurldecode) *[(]",
        "(gzinflate|gzuncompress|str_rot13) *[(] *base64_decode",
        "(eval|assert|system|exec|shell_exec|passthru|popen|proc_open) *[(] *[$]_(GET|POST|REQUEST|COOKIE)",
        "create_function *[(] *.. *, *[$]_",
        "c99shell|r57shell|b374k|FilesMan|IndoXploit|ALFA TEaM Shell|weevely|WSOsetcookie",
        "[Ss]lot.?[Gg]acor",
    )
)
_TOKENS = "|".join(
    (
        "AKIA[0-9A-Z]{16}",
        "gh[pousr]_[A-Za-z0-9]{36}",
        "glpat-[A-Za-z0-9_-]{20}",
        "xox[bp]-[0-9]{10}",
        "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",
        "BEGIN [A-Z ]*PRIVATE KEY",
        "mysqli?_connect *[(] *[^,$]+,[^,$]+, *.[A-Za-z0-9@!%^&*_.-]+. *[,)]",
        "new +mysqli *[(] *[^,$]+,[^,$]+, *.[A-Za-z0-9@!%^&*_.-]+. *[,)]",
    )
)
_OVER_CODE = (
    f"grep -oHE -m 3 '{_SIGNS}' -- \"$@\" | sed 's/^/sign /';"
    f" grep -lE '{_TOKENS}' -- \"$@\" | sed 's/^/coded in-code /'"
)

_SETTINGS = " ".join(
    (
        'BEGIN { q = sprintf("%c%c", 34, 39); v = "[^ $<(/" q "`][^ ]" }',
        'FNR == 1 { f = FILENAME; n = split(f, p, "/"); b = p[n]; sec = ""; split("", seen);',
        'cron = f ~ "/cron"; told = cron || b ~ "history$" || b ~ "[.](sh|bash)$" }',
        "{ k = tolower($0) }",
        'b ~ "^[.]env" && k ~ "^ *(export )?(app_debug|debug) *= *.?(true|1|on|yes)"'
        ' { say("flag", "debug") }',
        'b ~ "^[.]env" && k ~ ("^ *(export )?(app_env|node_env|ci_environment|rails_env|flask_env)"'
        ' " *= *.?(local|dev|development|staging|testing|test).? *$") { say("flag", "environment") }',
        'b == "wp-config.php" && k ~ "^ *define *[(] *.wp_debug. *, *(true|1)" { say("flag", "WP_DEBUG") }',
        'b == "index.php" && k !~ "^ *(//|#|[*])" && k ~ "define *[(] *.environment. *,.*.development."'
        ' { say("flag", "ENVIRONMENT") }',
        'b == "index.php" && k !~ "^ *(//|#|[*])" && k ~ "define *[(] *.yii_debug. *, *true"'
        ' { say("flag", "YII_DEBUG") }',
        'b == "configuration.php" && k ~ "^[^a-z]*(public|var) [$]debug *= *.?(1|true)"'
        ' { say("flag", "debug") }',
        'b ~ "settings[.]py$" && $0 ~ "^DEBUG *= *True" { say("flag", "DEBUG") }',
        'f ~ "/[.]git/config$" && k ~ "^[^a-z]*(push)?url *= *https?://[^/@ ]+@" { say("token", "remote") }',
        'b == ".htaccess" && k ~ "^ *<files" { sec = k }',
        'b == ".htaccess" && k ~ "^ *</files" { sec = "" }',
        'b == ".htaccess" && k ~ "^ *php_(admin_)?(flag|value) +engine +(off|0)"'
        ' { say("noscript", "engine") }',
        'b == ".htaccess" && (k ~ "^ *rewriterule .*ph.*[[](.*,)?f(,.*)?[]]"'
        ' || (k ~ "^ *(deny from all|require all denied)" && (sec == "" || sec ~ "ph")))'
        ' { say("noscript", "refused") }',
        'b == ".htaccess" && k ~ "^ *(redirectmatch +40[34] |rewriterule ).*[.](git|svn|[(]git)"'
        ' { say("norepo", "rule") }',
        'cron && k !~ "^ *#" && k ~ "(certbot|acme[.]sh|acme_v2|dehydrated|getssl|simp_le|lego) "'
        ' { say("renewal", "job") }',
        'told && k !~ "^ *#" && k ~ ("(mysql|mariadb)[a-z-]* .*( -p[^ $<" q "-]| -p[" q "][^$" q "]'
        '|--password=" v ")") { say("coded", "database-password") }',
        'told && k !~ "^ *#" && k ~ ("(pgpassword|mysql_pwd|rsync_password|sshpass -p|redis-cli .*-a)[= ]"'
        ' "[" q "]?" v) { say("coded", "password-of-a-program") }',
        'told && k !~ "^ *#" && k ~ ("(curl|wget) .*(-u |--user[= ])[^ $:]+:" v)'
        ' { say("coded", "password-of-a-program") }',
        'told && k !~ "^ *#"'
        ' && k ~ ("^ *(export )?[a-z_]*(pass|passwd|password|secret|token|api_?key|sandi)="'
        ' "[" q "]?" v "[^ ][^ ]") { say("coded", "password") }',
        'told && ($0 ~ "AKIA[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]" || k ~ "(gh[pousr]_|glpat-)[a-z0-9]"'
        ' || k ~ "begin [a-z ]*private key" || k ~ "https?://[^/@ $]+:[^/@ $]+@")'
        ' { say("coded", "token") }',
        "function say(tag, name) { if (!((tag, name) in seen)) { seen[tag, name] = 1; print tag, name, f } }",
    )
)

_SETTINGS_FILES = (
    *("(", *_any("-name", ("index.php", "wp-config.php", "configuration.php", "*settings.py", ".htaccess"))),
    *("-o", *_any("-name", (".env", ".env.*", "*.sh", "*.bash", ".*_history"))),
    *("-o", *_any("-path", ("*/.git/config", "/etc/cron*", "/var/spool/cron/*")), ")"),
)

CONTENTS = (
    *("find", *PLACES, "/root", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly"),
    *("/etc/cron.monthly", "/etc/crontab", "/var/spool/cron", "/usr/local/bin", "/usr/local/sbin"),
    *("-xdev", *_SKIPPED, *_counted("(", *_CODE_FILES, "-o", *_SETTINGS_FILES, ")")),
    *("-o", "-path", "/root/*/*", "-prune", "-o", "-type", "f"),
    *("(", *_CODE_FILES, "-size", "-512k"),
    *("-exec", "sh", "-c", _OVER_CODE, "sh", "{}", "+", "-o", "-true", ")"),
    *_SETTINGS_FILES,
    *("-size", "-1024k", "-exec", "awk", _SETTINGS, "{}", "+"),
)
"""Names of patterns in code, settings, scripts, scheduled jobs and shell histories; never what they match."""

_NUMBERS = (
    "(^|[^0-9.])(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[0-9]{4}"
    "(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}([^0-9]|$)"
)
"""NIK and KK: province, regency and district (6 digits), day (plus 40 for women), month, year, 4 digits."""
_PLAIN = ("*.csv", "*.tsv", "*.txt", "*.sql", "*.json", "*.xml", "*.html", "*.htm", "*.log", "*.xls", "*.doc")
_PACKED = ("*.xlsx", "*.docx", "*.ods", "*.odt", "*.sql.gz", "*.csv.gz")
_MOST_UNPACKED = 64_000_000
"""Bytes of an unpacked file that are looked at."""
_COUNT = f"grep -acE '{_NUMBERS}'"
_OVER_PACKED = (
    "for f; do case $f in *.gz) t='gzip -cd' ;; *) t='unzip -p' ;; esac;"
    ' command -v ${t%% *} >/dev/null || { echo "missing - - - - $f"; continue; };'
    # What is packed may come to any size.
    f' echo "numbers $f:$($t "$f" | head -c {_MOST_UNPACKED} | {_COUNT})"; done'
)
PERSONAL = (
    *(
        "find",
        *PLACES,
        "/var/ftp",
        "/var/lib/ftp",
        "-xdev",
        *_SKIPPED,
        *_counted(*_any("-name", (*_PLAIN, *_PACKED))),
        "-o",
        "-type",
        "f",
        "-size",
        "-65536k",
    ),
    *(
        *_any("-name", _PLAIN),
        "-exec",
        "sh",
        "-c",
        f"{_COUNT} -H -- \"$@\" | sed 's/^/numbers /'",
        "sh",
        "{}",
        "+",
    ),
    *("-o", "-type", "f", "-size", "-8192k", *_any("-name", _PACKED)),
    *("-exec", "sh", "-c", _OVER_PACKED, "sh", "{}", "+"),
    *("-o", "-type", "f", *_any("-name", (*_PLAIN, *_PACKED, "*.pdf", "*.zip", "*.rar")), *_told("unlooked")),
)
"""How many lines of tables, dumps and texts hold a NIK or KK; documents that are not looked into."""

_CONTAINER = (
    "container {{.Name}}|{{.Config.Image}}|{{.Image}}|{{.HostConfig.Privileged}}|{{.HostConfig.NetworkMode}}"
    "|{{range .Mounts}}{{.Source}}+{{end}}|{{.HostConfig.CapAdd}}|{{.HostConfig.PidMode}}"
)
DOCKER = (
    "sh",
    "-c",
    'i=$(docker ps -q --no-trunc) || exit $?; [ -n "$i" ] || exit 0;'
    f" docker inspect --format '{_CONTAINER}' $i || exit 1;"
    " docker image inspect --format 'image {{.Id}}|{{.Created}}' $(docker inspect --format '{{.Image}}' $i)",
)
PODMAN = (
    *("find", "/var/lib/containers/storage", "/run/containers/storage", "-maxdepth", "4"),
    *("(", "-path", "*-containers/containers.json", "-o", "-path", "*-images/images.json", ")"),
    *("-exec", "grep", "-H", ".", "{}", "+", "-o", "-path", "*/userdata/pidfile", "-print"),
    *("-o", "-path", "*-containers/*/userdata/config.json", "-exec", "grep", "-oHE"),
    '"source":"/[^"]*"|"io.podman.annotations.privileged":"TRUE"|"type":"(network|pid)"|CAP_SYS_ADMIN',
    *("{}", "+"),
)
"""Podman's own files: asking it would touch its locks."""

PRIVILEGED = {
    "web-walk": WALK,
    "web-contents": CONTENTS,
    "web-personal": PERSONAL,
    "web-docker": DOCKER,
    "web-podman": PODMAN,
}
