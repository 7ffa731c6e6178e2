# databases: database, cache and file servers.
if command -v mariadb >/dev/null 2>&1; then db_client=mariadb; else db_client=mysql; fi
root databases-mysql "$db_client-accounts"
# Messages about the last error quote rows of tables, so only these lines leave the host.
replication_lines() {
  awk '/^ *(Connection_name|Channel_Name|(Master|Source)_(Host|Port)|(Slave|Replica)_(IO|SQL)_Running|Seconds_Behind_(Master|Source)|answered):/ || /^\*/'
}
root databases-mysql-replication "$db_client-replication" replication_lines
if command -v psql >/dev/null 2>&1; then
  root databases-postgresql postgresql-accounts
fi
if [ -d /etc/postgresql ] || [ -d /var/lib/pgsql ] || [ -d /var/lib/postgresql ]; then
  root databases-postgresql-rules postgresql-rules
fi
root databases-stores store-settings
store_processes() {
  ps -C memcached,mongod -o args= | awk '{
    line = $1
    for (i = 2; i <= NF; i++) {
      if ($i ~ /^(-[lsSUpY]|--auth|--noauth|--keyFile|--listen|--enable-sasl|--unix-socket|--auth-file)/) {
        line = line " " $i
        if ($(i + 1) !~ /^-/) line = line " " $(i + 1)
      }
    }
    print line
  }'
}
run databases-processes store_processes
samba_settings() {
  $T testparm -sv 2>/dev/null | awk -F ' = ' '
    /^\[/ { print; next }
    { gsub(/^[ \t]+/, "") }
    $1 ~ /^(guest ok|guest only|available|path|map to guest|min protocol|server min protocol|server signing|smb encrypt|server smb encrypt|server role)$/ { print }'
}
if command -v testparm >/dev/null 2>&1; then run databases-samba samba_settings; fi
# Comments, and what is assigned in an option, stay on the host.
exports() {
  for path in "$@"; do
    if [ -f "$path" ] && [ -r "$path" ]; then
      printf '==> %s <== read\n' "$path"
      sed -e 's/#.*//' -e :a -e 's/\(([^()]*[a-z_]\)=[^,()]*/\1/' -e ta -e :b -e 's/\([[:blank:]]-[^[:blank:]]*[a-z_]\)=[^,[:blank:]]*/\1/' -e tb "$path"; echo
    elif [ -f "$path" ]; then printf '==> %s <== denied\n' "$path"
    fi
  done
}
run databases-exports exports /etc/exports /etc/exports.d/*.exports
copy databases-nfs-versions /proc/fs/nfsd/versions
data_places() {
  for place in /var/lib/mysql /var/lib/postgresql /var/lib/pgsql /var/lib/mongodb /var/lib/mongo; do
    [ -e "$place" ] && printf '%s %s\n' "$place" "$(readlink -f "$place")"
  done
}
run databases-places data_places
mounts() { awk '$3 !~ /^(proc|sysfs|cgroup2?|devpts|devtmpfs|nsfs|mqueue|securityfs|debugfs|tracefs|bpf|autofs|fusectl)$/ { print $1, $2, $3 }' /proc/self/mounts; }
run databases-mounts mounts
show databases-devices lsblk -rnpo KNAME,NAME,TYPE,PKNAME
if consents databases-test-data-masked; then
  command -v "$db_client" >/dev/null 2>&1 && root databases-mysql-identities "$db_client-identities"
  command -v psql >/dev/null 2>&1 && root databases-postgresql-identities postgresql-identities
fi
