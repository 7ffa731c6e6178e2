# logs: system logging, audit trail, logs of web servers and databases, time.
# Names of running programs, kernel threads and finished ones aside; "!hidden" where others' are not shown.
logs_processes() {
  [ -r /proc/1/stat ] || echo '!hidden'
  cat /proc/[0-9]*/stat | awk '{
    name = $0; sub(/^[0-9]+ [(]/, "", name); sub(/[)] [A-Za-z] [-0-9 ]*$/, "", name)
    rest = $0; sub(/^.*[)] /, "", rest); split(rest, part, " ")
    if (part[1] != "Z" && part[2] != 2 && !(name in seen)) { seen[name]; print name }
  }'
}
run logs-processes logs_processes

# Settings, but for lines that may hold a password.
logs_settings() {
  copy_each "$@" | awk '/^==> .* <== (read|denied)$/ { print; next }
    tolower($0) ~ /pass|pwd|secret|token|apikey|api_key|authoriz|credential/ { print "# left out"; next }
    { print }'
}
run logs-rsyslog logs_settings /etc/rsyslog.conf /etc/rsyslog.d/*.conf
run logs-syslog-ng logs_settings /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf
copies logs-journald /usr/lib/systemd/journald.conf /etc/systemd/journald.conf \
  /usr/lib/systemd/journald.conf.d/*.conf /lib/systemd/journald.conf.d/*.conf \
  /run/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf.d/*.conf
logs_journal_kept() { if [ -d /var/log/journal ]; then echo yes; else echo no; fi; }
run logs-journal-kept logs_journal_kept
run logs-logrotate logs_settings /etc/logrotate.conf /etc/logrotate.d/*
logs_rotation_set() { stat -c '%Y %n' /etc/logrotate.conf /etc/logrotate.d/* /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*; }
run logs-rotation-set logs_rotation_set

# Age and size of the logs of the system and of logins; not a word of what is in them.
logs_files() {
  if [ -d /var/log ] && ! { [ -r /var/log ] && [ -x /var/log ]; }; then echo '!denied'; return; fi
  find /var/log/ -maxdepth 1 -type f '(' -name 'auth.log*' -o -name 'secure*' -o -name 'syslog*' -o -name 'messages*' ')' -printf '%T@ %s:%p\n'
  if [ -d /var/log/journal ]; then find /var/log/journal/ -maxdepth 2 -name '*.journal*' -printf '%T@ %s:%p\n'; fi
}
run logs-files logs_files
root logs-tree logs-tree

root logs-audit-state logs-audit-state
root logs-audit-rules logs-audit-rules
if [ -d /etc/audit ]; then root logs-audit-settings logs-audit-settings
else begin logs-audit-settings; end logs-audit-settings absent
fi

# Directly attached networks, and connections that stand: where logs are sent, and whether they arrive.
copy logs-routes /proc/net/route
logs_connections() { cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == "01" { print $3 }' | sort -u; }
run logs-connections logs_connections
copies logs-hosts /etc/hosts

copies logs-time-settings /etc/chrony/chrony.conf /etc/chrony.conf /etc/chrony/conf.d/*.conf \
  /etc/chrony.d/*.conf /etc/chrony/sources.d/*.sources /run/chrony-dhcp/*.sources /run/chrony.d/*.sources \
  /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/ntpsec/ntp.d/*.conf /etc/openntpd/ntpd.conf /etc/ntpd.conf \
  /usr/lib/systemd/timesyncd.conf /etc/systemd/timesyncd.conf /usr/lib/systemd/timesyncd.conf.d/*.conf \
  /run/systemd/timesyncd.conf.d/*.conf /etc/systemd/timesyncd.conf.d/*.conf
# chronyd may answer root alone, on its own socket.
logs_chrony_answers() { command -v chronyc >/dev/null 2>&1 || return 0; $T chronyc -h 127.0.0.1 -n tracking 2>/dev/null | grep -q '^Leap'; }
if logs_chrony_answers; then show logs-chrony chronyc -h 127.0.0.1 -n tracking
else root logs-chrony logs-chrony
fi
show logs-ntp ntpq -pn
logs_timesync() {
  [ -e /run/systemd/timesync/synchronized ] && echo synchronized
  if [ -d /run/systemd/timesync ] && command -v timedatectl >/dev/null; then $T timedatectl timesync-status --no-pager; fi
  :
}
run logs-timesync logs_timesync
logs_zone() {
  # Without that file the C library takes UTC.
  if [ -e /etc/localtime ]; then readlink -f /etc/localtime; else echo /usr/share/zoneinfo/UTC; fi
  if [ -f /etc/timezone ]; then cat /etc/timezone; elif [ -f /etc/sysconfig/clock ]; then cat /etc/sysconfig/clock; fi
}
run logs-zone logs_zone

# Blocks of a web server and what they say about logs and client addresses; no other setting.
logs_nginx() {
  copy_each /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* |
    awk '/^==> .* <== (read|denied)$/ { print; held = ""; next }
    { sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, ""); held = held " " $0
      if (held ~ /^ *log_format/ && held ~ /http_x_forwarded_for|http_x_real_ip/) { print "forwarded ;"; sub(/http_x_[a-z_]*/, "", held) }
      gsub(/"[^"]*"/, "", held); gsub(/\047[^\047]*\047/, "", held); gsub(/[$][{][a-zA-Z0-9_]*[}]/, "", held)
      while (match(held, /[{};]/)) {
        said = substr(held, 1, RSTART - 1); sign = substr(held, RSTART, 1); held = substr(held, RSTART + 1)
        split(said, word, " ")
        if (sign == "{") print word[1] " {"
        else if (word[1] ~ /^(access_log|error_log|set_real_ip_from|real_ip_header|server_name|include)$/) print said " ;"
        if (sign == "}") print "}" } }'
}
run logs-nginx logs_nginx
logs_apache() {
  copy_each /etc/apache2/apache2.conf /etc/apache2/mods-enabled/*.conf /etc/apache2/conf-enabled/*.conf /etc/apache2/sites-enabled/* \
    /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf |
    awk '/^==> .* <== (read|denied)$/ { print; next }
    { line = tolower($1) }
    line ~ /^(<virtualhost|<\/virtualhost>|customlog|transferlog|globallog|errorlog|logformat|remoteipheader|remoteiptrustedproxy|remoteipinternalproxy|servername)/ { print }'
}
run logs-apache logs_apache
# For each access log: its lines looked at, how many from private addresses, how many addresses.
if [ -d /var/log/nginx ] || [ -d /var/log/apache2 ] || [ -d /var/log/httpd ]; then root logs-web-clients logs-web-clients
else begin logs-web-clients; end logs-web-clients absent
fi

logs_database_lines() {
  awk '/^==> .* <== (read|denied)$/ || /^[ \t]*\[/ || /^[ \t]*!include/ { print; next }
    tolower($0) ~ /^[ \t]*(log_|log-|logging_|general_log|general-log|server_audit|server-audit|audit_log|plugin|skip_log|skip-log|include|pgaudit|shared_preload)/ { print }'
}
logs_database() {
  copy_each /etc/mysql/my.cnf /etc/mysql/mariadb.cnf /etc/my.cnf /etc/mysql/conf.d/*.cnf /etc/mysql/mariadb.conf.d/*.cnf \
    /etc/mysql/mysql.conf.d/*.cnf /etc/my.cnf.d/*.cnf /etc/postgresql/*/*/postgresql.conf /etc/postgresql/*/*/conf.d/*.conf |
    logs_database_lines
}
run logs-database logs_database
if [ -d /var/lib/pgsql ] || [ -d /var/lib/postgresql ]; then root logs-postgresql logs-postgresql logs_database_own
else begin logs-postgresql; end logs-postgresql absent
fi
logs_database_own() {
  awk '{ line = $0; sub(/^[^:]*:[ \t]*/, "", line) }
    tolower(line) ~ /^(log_|logging_|shared_preload|pgaudit)/ { print }
    END { print "!done" }'
}

# Failed logins of the last week by source, and password logins that followed upon many of them.
# Neither a name that somebody typed in vain nor a line of the log is printed.
logs_days() {
  for ago in 0 1 2 3 4 5 6 7; do env -u TZ date -d "-$ago day" '+%b %e=%Y-%m-%d'; done | tr '\n' '|'
}
logs_logins() {
  awk -v days="$(logs_days)" '
    BEGIN { n = split(days, pair, "|")
      for (i = 1; i <= n; i++) if (split(pair[i], form, "=") == 2) { recent[form[1]]; recent[form[2]] } }
    !(substr($0, 1, 6) in recent) && !(substr($0, 1, 10) in recent) { next }
    !/sshd(-session|-auth)?[[(: ]/ { next }
    /: Failed [a-z\/-]+ for .* from [0-9a-fA-F.:]+ port [0-9]+/ { source = from($0); failed[source]++; before[source]++; total++; next }
    /: Accepted [a-z\/-]+ for .* from [0-9a-fA-F.:]+ port [0-9]+/ {
      source = from($0)
      if (/: Accepted (password|keyboard-interactive)/ && before[source] >= 5) {
        account = $0; sub(/^.*: Accepted [a-z\/-]+ for /, "", account); sub(/ from .*$/, "", account)
        print "guessed " before[source] " " source " " account }
      before[source] = 0 }
    function from(line) { sub(/^.* from /, "", line); sub(/ port .*$/, "", line); return line }
    END { for (source in failed) sources++
      print "failed " total + 0 " " sources + 0; print "!done" }'
}
# The inside of a journal's folder in memory shows to root only.
logs_has_journal() {
  for path in /var/log/journal/*/system.journal /run/log/journal/*/.; do [ -e "$path" ] && return 0; done
  return 1
}
if [ -e /var/log/auth.log ] || [ -e /var/log/secure ]; then root logs-logins logs-logins logs_logins
elif logs_has_journal; then root logs-logins logs-journal-logins logs_logins
else begin logs-logins; end logs-logins absent
fi
