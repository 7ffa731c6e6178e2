"""What the area `backups` runs as root: it lists names, ages, sizes and modes, and opens no file. Pure."""

from __future__ import annotations

_PLACES = (
    "/var/backup* /backup* /srv/backup* /srv/*/backup* /opt/backup* /opt/*/backup* /mnt/backup*"
    " /mnt/*/backup* /media/*/backup* /data*/backup* /home/backup* /home/*/backup* /root/backup*"
    " /var/lib/*backup* /var/lib/pgsql/*/backups /var/lib/barman /var/lib/bacula /var/spool/backup*"
)
_STORES = (
    "/srv/arsip* /srv/*/arsip* /srv/dokumen* /srv/*/dokumen* /srv/document* /srv/archive* /var/arsip*"
    " /data*/arsip* /data*/dokumen* /data*/document* /data*/archive* /home/arsip* /home/*/arsip*"
    " /var/www/nextcloud/data /var/www/html/nextcloud/data /srv/nextcloud/data /var/lib/nextcloud/data"
    " /var/www/owncloud/data /opt/alfresco/alf_data /dspace/assetstore /opt/dspace/assetstore"
)
"""Where documents and archives are kept: by usual names, and by those of common document systems."""
# ruff: noqa: S108 -- these are looked at, and nothing is put there
_LEFT = (
    "/tmp /var/tmp /home/*/Downloads /home/*/Unduhan /home/*/export* /home/*/ekspor* /srv/export*"
    " /srv/*/export* /srv/*/ekspor* /var/www/*/export* /var/www/*/ekspor* /var/www/*/storage/app/export*"
    " /var/www/*/public/export*"
)
_DUMPS = ("*.sql", "*.sql.*", "*.dump", "*.dump.gz", "*.dmp", "*.pgdump", "*.bson", "*.bson.gz", "*.bak.gz")
_TOOLS = (
    "restic|borgmatic|borg|duplicity|rsnapshot|rdiff-backup|bacula-fd|bareos-fd|veeamconfig|pgbackrest|barman"
    "|wal-g|proxmox-backup-client|mysqldump|mariadb-dump|mariabackup|xtrabackup|mysqlhotcopy|pg_dumpall|pg_dump"
    "|pg_basebackup|mongodump|automysqlbackup|autopostgresqlbackup|rclone|kopia|duply"
)
_KNOWN = "-not -path '*[[:cntrl:]]*'"
_COUNTED = "-path '*[[:cntrl:]]*' -exec sh -c 'echo X' sh '{}' + -o"
"""A name with a line end in it could be taken for another line."""
_SYSTEM = (
    "-not -path '/var/backups/dpkg.*' -not -path '/var/backups/apt.*'"
    " -not -path '/var/backups/alternatives.*' -not -path '/var/backups/aptitude.*'"
)
"""What Debian copies there by itself is no backup of data."""
_MOST_FILES = 1200
_MOST_OTHERS = 200


def _existing(patterns: str) -> str:
    kept = 'case "$d" in *[[:cntrl:]]*) echo U ;; *) [ -d "$d" ] && set -- "$@" "$d" ;; esac'
    return f"set --; for d in {patterns}; do {kept}; done;"


def _above() -> str:
    parents = 'for d in "$@"; do while [ -n "$d" ]; do echo "$d"; d=${d%/*}; done; done | sort -u'
    return f'{parents} | while read -r d; do find "$d" -maxdepth 0 {_KNOWN} -printf "A %m " -print; done;'


def _listing() -> str:
    names = " -o ".join(f"-name '{name}'" for name in _DUMPS)
    files = (
        'if [ $# -gt 0 ]; then for d in "$@"; do echo "P $d"; done;'
        f' find -H "$@" -xdev -maxdepth 3 {_COUNTED} {_SYSTEM} "(" -type f -o -type d ")"'
        f' -printf "%T@ %s %m %u %y " -print | sort -rn | head -n {_MOST_FILES} | sed "s/^/B /";'
        f' find -H "$@" -xdev -maxdepth 4 {_SYSTEM} -type d -not -perm -o+x -prune'
        f' -o -type f -perm -o+r {_SYSTEM} "(" {_COUNTED} -print ")" | head -n {_MOST_OTHERS}'
        f' | sed "s/^/O /"; {_above()} fi;'
    )
    dumps = (
        'for d in /root /home /srv /opt /tmp /var/tmp; do [ -d "$d" ] && set -- "$@" "$d"; done;'
        f' find -H "$@" -xdev -maxdepth 4 -type d "(" -name node_modules -o -name vendor -o -name ".git" ")"'
        f' -prune -o -type f "(" {names} ")" "(" {_COUNTED} -printf "%T@ %s " -print ")" | sort -u | sort -n'
        f' | head -n {_MOST_OTHERS} | sed "s/^/D /";'
    )
    left = (
        f"{_existing(_LEFT)}"
        f' [ $# -gt 0 ] && find -H "$@" -xdev -maxdepth 4 -type f -mtime +7'
        f' "(" {_COUNTED} -printf "%T@ %s " -print ")"'
        # Such a name may be an identity number.
        f' | sort -n | head -n {_MOST_OTHERS} | sed -E "s/[0-9]{{16}}/****************/g; s/^/T /";'
    )
    stores = (
        f'{_existing(_STORES)} [ $# -gt 0 ] && find -H "$@" -maxdepth 0 {_KNOWN}'
        f' -printf "R %m %u " -print; {_above()}'
    )
    evidence = (
        "for f in /var/lib/aide/aide.db* /var/lib/tripwire/*.twd;"
        ' do [ -s "$f" ] && echo "S hash list"; done | sort -u;'
        ' for f in /var/log/journal/*/fss; do [ -s "$f" ] && echo "S sealed journal"; done | sort -u;'
        ' lsattr -d /var/log/* /var/log/audit/* 2>/dev/null | grep -q "^[^ ]*a" && echo "S append-only log";'
    )
    jobs = f'grep -rHoE "{_TOOLS}" /var/spool/cron /etc/anacrontab 2>/dev/null | sort -u | sed "s/^/J /";'
    parts = (_existing(_PLACES), files, dumps, left, stores, evidence, jobs)
    return f"LC_ALL=C; export LC_ALL; {' '.join(parts)} echo E"


PRIVILEGED = {"backup-listing": ("sh", "-c", _listing())}
