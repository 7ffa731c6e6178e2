# system: which system this is.
copy os-release /etc/os-release
copy centos-release /etc/centos-release
show kernel uname -srm
show hostname uname -n
show account id -un
show clock date -u +%Y-%m-%dT%H:%M:%SZ
show installed stat -c %W /
root as-root nothing
virtual() {
  if command -v systemd-detect-virt >/dev/null 2>&1; then $T systemd-detect-virt
  elif [ -f /.dockerenv ]; then echo docker
  elif grep -q '^flags.* hypervisor' /proc/cpuinfo; then echo hypervisor
  else echo none
  fi
}
run virtual virtual
# Each line: the name that remedies use, and programs that show the software is installed.
software() {
  # Not a here-document: older shells write one to a file.
  printf '%s\n' \
    'nginx nginx' \
    'apache apache2 httpd' \
    'openssh sshd' \
    'postfix postfix' \
    'dovecot dovecot' \
    'vsftpd vsftpd' \
    'redis redis-server valkey-server' \
    'postgresql postgres' \
    'mariadb mariadbd mysqld' \
    'bind named' \
    'memcached memcached' \
    'mongodb mongod' \
    'samba smbd' \
    'openldap slapd' \
    'rsync rsync' \
    'php php php-fpm php-fpm7.3 php-fpm7.4 php-fpm8.0 php-fpm8.1 php-fpm8.2 php-fpm8.3 php-fpm8.4' \
    'docker dockerd podman' \
    'tomcat catalina.sh' \
    'node node nodejs' \
    'java java' |
  while read -r id programs; do
    for program in $programs; do
      for path in /usr/sbin/$program /usr/bin/$program /usr/local/sbin/$program /usr/local/bin/$program /usr/lib/postgresql/*/bin/$program /usr/pgsql-*/bin/$program /usr/libexec/$program /opt/lampp/bin/$program /opt/lampp/sbin/$program /www/server/*/bin/$program /www/server/*/sbin/$program /usr/local/mysql/bin/$program /usr/local/pgsql*/bin/$program /usr/local/nginx/sbin/$program /usr/local/apache2/bin/$program; do
        if [ -x "$path" ]; then echo "$id"; break 2; fi
      done
    done
  done
}
run software software
# Of logrotate the paths and what bounds and keeps each, which more than one area asks for; scripts and all other statements stay on the host.
rotation() { copy_each /etc/logrotate.conf /etc/logrotate.d/* | rotation_kept; }
rotation_kept() {
  awk '
    function word_kept(one) {
      if (one ~ /^[{}]$/) print one
      else if (one ~ /^["\047]?\/[]A-Za-z0-9_.\/*?[@+-]*["\047]?$/) print one }
    /^==> .* <== (read|denied)$/ { print; script = 0; next }
    { line = $0; sub(/^[ \t]+/, "", line); sub(/[ \t\r]+$/, "", line) }
    script { if (line == "endscript") script = 0; next }
    line ~ /^(prerotate|postrotate|firstaction|lastaction|preremove)([^A-Za-z0-9_]|$)/ { script = 1; next }
    line ~ /^#/ { next }
    { gsub(/[{}]/, " & ", line); given = line; gsub(/=/, " ", given); count = split(given, word, " ") }
    word[1] ~ /^(hourly|daily|weekly|monthly|yearly)$/ { print word[1]; next }
    word[1] ~ /^(rotate|maxage|size|maxsize|minsize)$/ && count > 1 { print word[1] " " (word[2] ~ /^-?[0-9]+[kMG]?$/ ? word[2] : "unknown"); next }
    line ~ /^ *[\/"\047{}]/ { count = split(line, word, " "); for (at = 1; at <= count; at++) word_kept(word[at]) }'
}
run logrotate rotation
