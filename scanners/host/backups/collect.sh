# backups: what is kept, how old it is, who may read it. No file is opened.
root backups-listing backup-listing
backup_tools() {
  for tool in restic borg borgmatic duplicity duply rsnapshot rdiff-backup bacula-fd bareos-fd veeamconfig pgbackrest barman wal-g proxmox-backup-client mariabackup xtrabackup automysqlbackup autopostgresqlbackup rclone kopia; do
    command -v "$tool" >/dev/null 2>&1 && echo "$tool"
  done
  :
}
run backups-tools backup_tools
# Only the name of the tool leaves the host: a command may hold a password.
backup_jobs() {
  grep -HoE 'restic|borgmatic|borg|duplicity|rsnapshot|rdiff-backup|veeamconfig|pgbackrest|barman|wal-g|proxmox-backup-client|mysqldump|mariadb-dump|mariabackup|xtrabackup|pg_dumpall|pg_dump|pg_basebackup|mongodump|automysqlbackup|autopostgresqlbackup|rclone|kopia|duply' /etc/crontab /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/systemd/system/*.service | sort -u
}
run backups-jobs backup_jobs
remote_logs() {
  for path in /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf /etc/systemd/journal-upload.conf; do
    if [ -r "$path" ]; then set -- "$@" "$path"
    elif [ -e "$path" ]; then echo hidden
    fi
  done
  [ $# -gt 0 ] && awk '
    /^[ \t]*#/ { next }
    FILENAME ~ /rsyslog/ && (/[ \t]@@?[A-Za-z0-9(\[]/ || /omfwd|omrelp/) { print "remote log" }
    FILENAME ~ /syslog-ng/ && /(network|syslog|tcp|tcp6|udp|udp6)[ \t]*\(/ && !/source/ { print "remote log" }
    FILENAME ~ /journal-upload/ && /^[ \t]*URL=./ { print "remote log" }' "$@"
}
run backups-remote-logs remote_logs
snapshots() { awk '$3 == "btrfs" || $3 == "zfs" { print $3 }' /proc/self/mounts; }
run backups-snapshots snapshots
