# packages: what is installed, from where, how new the lists are, what is pending, what was changed.
LIMIT=1500000
absent() { begin "$1"; end "$1" absent; }

# masked PATH…: like copies, of sources of packages only what is decided on, and of an address only the host:
# what stands before and behind it may be a password.
masked() {
  for path in "$@"; do
    [ -f "$path" ] || continue
    if [ -r "$path" ]; then
      printf '==> %s <== read\n' "$path"
      awk '
        function host(text,   scheme, rest, parts) {
          if (!match(text, "^[a-z+-]+://")) { sub("[?#].*", "", text); return text ~ "^(file|copy|cdrom|mirror[+]file):" && text !~ "@" ? text : "masked" }
          scheme = substr(text, 1, RLENGTH); rest = substr(text, RLENGTH + 1)
          if (scheme ~ "file://$" || scheme ~ "^(file|copy):") { sub("[?#].*", "", rest); return scheme rest }
          if (split(rest, parts, "@") > 2) return scheme "masked"
          if (rest ~ "@" && rest !~ "^[^/?#]*@") return scheme "masked"
          sub("^[^/?#]*@", "", rest); sub("[/?#].*", "", rest)
          return scheme (rest ~ "^[A-Za-z0-9._$-]+(:[0-9]+)?$" ? rest "/" : "masked")
        }
        function hosts(text,   n, i, w, told) { n = split(text, w, "[ \t,]+"); told = ""; for (i = 1; i <= n; i++) if (w[i] != "") told = told " " host(w[i]); return told }
        /^[ \t]*[#;]/ { next }
        /^[ \t]*$/ { print ""; key = ""; next }
        /^[ \t]*deb(-src)?[ \t]/ {
          line = $0; sub("#.*", "", line); sub("^[ \t]+", "", line); kind = line; sub("[ \t].*", "", kind); sub("^[^ \t]+[ \t]+", "", line); told = ""
          if (line ~ "^[[]") { options = line; sub("[]].*", "", options); sub("^[^]]*[]][ \t]*", "", line); n = split(substr(options, 2), w, "[ \t]+")
            for (i = 1; i <= n; i++) if (tolower(w[i]) ~ "^(trusted|allow-insecure)=[a-z0-9]*$" || w[i] ~ "^signed-by=/[A-Za-z0-9/._-]*$") told = told (told == "" ? "" : " ") w[i] }
          n = split(line, w, "[ \t]+"); rest = ""
          if (line ~ "^cdrom:") { w[1] = "cdrom:"; n = 2; w[2] = "/" }
          for (i = 2; i <= n; i++) if (w[i] ~ "^[A-Za-z0-9./_-]*$") rest = rest " " w[i]
          print kind (told == "" ? "" : " [" told "]") " " host(w[1]) rest; next
        }
        /^[[][A-Za-z0-9 ._:+-]+[]]/ { sub("[]].*", "]"); print; key = ""; next }
        /^[A-Za-z_-]+[ \t]*[:=]/ { key = tolower($0); sub("[ \t]*[:=].*", "", key); sign = $0; sub("^[A-Za-z_-]+[ \t]*", "", sign); value = substr(sign, 2); sign = substr(sign, 1, 1); told = key sign }
        /^[ \t]/ { value = $0; told = " " }
        key ~ "^(uris|baseurl|mirrorlist|metalink)$" { print told hosts(value); next }
        key ~ "^(types|suites|components|enabled|trusted|allow-insecure|gpgcheck|repo_gpgcheck)$" && value ~ "^[A-Za-z0-9 \t./_-]*\r?$" { print told value }' "$path"; echo
    else printf '==> %s <== denied\n' "$path"
    fi
  done
}

if [ -r /var/lib/dpkg/status ]; then
  deb_packages() {
    awk '/^Package: /{name=$2; ok=arch=version=section=""} /^Status: /{ok=($4=="installed")}
      /^Architecture: /{arch=$2} /^Section: /{section=$2} /^Version: /{version=$2}
      /^$/{if (ok && name!="") print name "|" version "|" arch "|" section; name=""}
      END{if (ok && name!="") print name "|" version "|" arch "|" section}' /var/lib/dpkg/status
  }
  run deb-packages deb_packages
  SECURITY=''
  for release in /var/lib/apt/lists/*Release; do
    case ${release##*/} in
      *-security_InRelease|*-security_Release|*security*_dists_*_updates_*Release|*freexian*_*Release) ;;
      *) continue ;;
    esac
    [ -r "$release" ] && SECURITY="$SECURITY $release"
  done
  deb_releases() {
    [ -n "$SECURITY" ] && awk 'FNR==1{print "file: " FILENAME}
      FNR<40 && /^(Origin|Label|Suite|Codename|Date): /' $SECURITY
    return 0
  }
  if [ -d /var/lib/apt/lists ] && [ -x /var/lib/apt/lists ] && [ -r /var/lib/apt/lists ]; then
    run deb-releases deb_releases
  else begin deb-releases; end deb-releases denied
  fi
  unpacked() {
    case $1 in
      *.lz4|*.zst) /usr/lib/apt/apt-helper cat-file "$1" ;;
      *.gz) gzip -dc "$1" ;;
      *.xz) xz -dc "$1" ;;
      *.bz2) bzip2 -dc "$1" ;;
      *) cat "$1" ;;
    esac
  }
  deb_candidates() {
    done=''
    for release in $SECURITY; do
      stem=${release%Release}; stem=${stem%In}
      case " $done " in *" $stem "*) continue ;; esac
      done="$done $stem"
      lists=0
      for list in "$stem"*_Packages*; do
        [ -f "$list" ] || continue
        lists=1
        echo "Filename: $release"
        # A list of some size that shows no package could not be unpacked.
        unpacked "$list" | grep -E '^(Package|Version|Architecture): ' || [ "$(stat -c %s "$list")" -lt 100 ] || echo "Unread: $list"
      done
      [ $lists = 1 ] || echo "Unread: $release"
    done | awk 'FNR==NR{if (/^Package: /) name=$2; else if (/^Status: /) ok[name]=($4=="installed"); next}
      /^Unread: /{print "unread|" $2} /^Filename: /{from=$2} /^Package: /{name=$2; arch=version=""} /^Version: /{version=$2} /^Architecture: /{arch=$2}
      name!="" && version!="" && arch!=""{if (ok[name]) print name "|" version "|" arch "|" from; name=""}' /var/lib/dpkg/status -
  }
  if [ -n "$T" ] || [ -n "$SECURITY" ]; then run deb-candidates deb_candidates; else absent deb-candidates; fi
  deb_history() {
    for path in /var/log/apt/history.log /var/log/apt/history.log.1.gz; do
      [ -f "$path" ] || continue
      if [ ! -r "$path" ]; then echo denied; continue; fi
      case $path in *.gz) gzip -dc "$path" ;; *) cat "$path" ;; esac
    done | awk '/^denied/{print} /^Start-Date: /{start=$2 "T" $3}
      /^Commandline: .*(unattended-upgrade|(apt|apt-get|aptitude|nala) (.* )?(full-|dist-|safe-)?upgrade( -|$))/{all[start]=1}
      /^End-Date: /{if (start in all) print start}' | tail -n 400
  }
  if is_hidden /var/log/apt/history.log; then begin deb-history; end deb-history denied; else run deb-history deb_history; fi
  apt_settings() {
    $T apt-config dump | grep -E '^(APT::Periodic::|Unattended-Upgrade::(Allowed-Origins|Origins-Pattern|Automatic-Reboot )|APT::Get::AllowUnauthenticated|Acquire::AllowInsecure|Acquire::AllowWeak)'
    return 0
  }
  if command -v apt-config >/dev/null 2>&1; then run apt-settings apt_settings; else absent apt-settings; fi
  run apt-sources masked /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources
  copy ubuntu-pro /var/lib/ubuntu-advantage/status.json
  deb_verify() {
    set -- $(awk -v core=" openssh-server sudo coreutils libc6 login passwd bash procps systemd libpam-modules nginx nginx-core apache2-bin vsftpd iproute2 net-tools " \
      '/^Package: /{name=$2} /^Status: /{if ($4=="installed" && index(core, " " name " ")) print name}' /var/lib/dpkg/status)
    echo "packages: $*"
    [ $# -gt 0 ] && $T dpkg --verify "$@"
    code=$?
    # 124: dpkg had no time to end.
    [ $code = 124 ] && return 124
    return 0
  }
  run deb-verify deb_verify
else
  for name in deb-packages deb-releases deb-candidates deb-history apt-settings apt-sources ubuntu-pro deb-verify; do absent $name; done
fi

if [ ! -r /var/lib/dpkg/status ] && command -v rpm >/dev/null 2>&1; then
  RPMS=$($T rpm -qa --qf '%{NAME}|%|EPOCH?{%{EPOCH}}:{0}|:%{VERSION}-%{RELEASE}|%{ARCH}|%{VENDOR}|%{LICENSE}|%{INSTALLTIME}\n' 2>/dev/null </dev/null)
  rpm_packages() { printf '%s\n' "$RPMS"; }
  run rpm-packages rpm_packages
  rpm_caches() {
    for repomd in /var/cache/dnf/*/repodata/repomd.xml /var/cache/libdnf5/*/repodata/repomd.xml /var/cache/yum/*/*/*/repomd.xml /var/cache/yum/*/*/repomd.xml; do
      [ -r "$repomd" ] || continue
      folder=${repomd%/*}
      for primary in "$folder"/*primary.xml* "$folder"/*primary.sqlite* "$folder/cachecookie" "$repomd"; do
        [ -f "$primary" ] && stat -c "refreshed|%Y|$folder" "$primary"
      done
      awk -v RS='<' -v folder="$folder" '/^timestamp>/{sub(/^timestamp>/, ""); print "published|" int($0) "|" folder}
        /^data .*type="updateinfo"/{print "advisories|1|" folder}' "$repomd"
    done
    for place in /var/cache/dnf /var/cache/libdnf5 /var/cache/yum; do
      [ ! -e $place ] || { [ -r $place ] && [ -x $place ]; } || echo "denied|0|$place"
    done
    return 0
  }
  run rpm-caches rpm_caches
  rpm_advisories() {
    for file in /var/cache/dnf/*/repodata/*updateinfo.xml* /var/cache/libdnf5/*/repodata/*updateinfo.xml* /var/cache/yum/*/*/*/*updateinfo.xml* /var/cache/yum/*/*/*updateinfo.xml*; do
      [ -r "$file" ] || continue
      case $file in
        *.gz) reader='gzip -dc' ;; *.xz) reader='xz -dc' ;; *.bz2) reader='bzip2 -dc' ;; *.zst) reader='zstd -dcq' ;;
        *.zck) reader='unzck -c' ;; *.xml) reader=cat ;; *) continue ;;
      esac
      command -v ${reader%% *} >/dev/null 2>&1 || { echo "unread|${file%/*}"; continue; }
      echo "repository|${file%/*}"
      $T $reader "$file"
    done | awk -v RS='<' -v names="$(printf '%s\n' "$RPMS" | cut -d'|' -f1,3 | tr '\n' ' ')" '
      function value(key) { if (match($0, " " key "=\"[^\"]*\"")) return substr($0, RSTART+length(key)+3, RLENGTH-length(key)-4); return "" }
      BEGIN{n=split(names, one, " "); for (i=1; i<=n; i++) have[one[i]]=1}
      {at=index($0, "repository|"); if (at) {rest=substr($0, at); sub(/\n.*/, "", rest); print rest}
       at=index($0, "unread|"); if (at) {rest=substr($0, at); sub(/\n.*/, "", rest); print rest}}
      /^update /{security=(value("type")=="security"); id=issued=severity=module=""}
      !security{next}
      /^id>/{id=substr($0, 4); gsub(/[ \n\r]/, "", id)} /^issued /{issued=substr(value("date"), 1, 10)}
      /^severity>/{severity=substr($0, 10); gsub(/[ \n\r]/, "", severity)}
      /^collection/{module=""} /^module /{module=value("name") ":" value("stream")}
      /^package /{if ((value("name") "|" value("arch")) in have)
        print "update|" id "|" issued "|" severity "|" module "|" value("name") "|" value("epoch") ":" value("version") "-" value("release") "|" value("arch")}'
  }
  run rpm-advisories rpm_advisories
  copies dnf-modules /etc/dnf/modules.d/*.module
  run rpm-sources masked /etc/dnf/dnf.conf /etc/yum.conf /etc/yum.repos.d/*.repo
  copies dnf-automatic /etc/dnf/automatic.conf /etc/dnf/dnf5-plugins/automatic.conf /etc/yum/yum-cron.conf /etc/sysconfig/yum-cron
  # Some programs, sudo among them, may not be read by others.
  root rpm-verify rpm-verify
else
  for name in rpm-packages rpm-caches rpm-advisories dnf-modules rpm-sources dnf-automatic rpm-verify; do absent $name; done
fi
LIMIT=262144

# Which timers, services and jobs install updates. A unit that links to /dev/null is masked.
upgrade_units() {
  for unit in apt-daily.timer apt-daily-upgrade.timer dnf-automatic.timer dnf-automatic-install.timer dnf5-automatic.timer yum-cron.service unattended-upgrades.service; do
    if [ -c /etc/systemd/system/$unit ]; then echo "masked $unit"; continue; fi
    for link in /etc/systemd/system/*.wants/$unit; do
      if [ -L "$link" ]; then echo "enabled $unit"; break; fi
    done
  done
  [ -d /run/systemd/system ] && echo systemd
  [ -x /etc/cron.daily/apt ] && echo 'enabled cron.daily/apt'
  [ -x /etc/cron.daily/apt-compat ] && echo 'enabled cron.daily/apt'
  for link in /etc/rc3.d/S*yum-cron; do [ -e "$link" ] && echo 'enabled yum-cron.service'; done
  grep -lE '^[^#]*((apt|apt-get|aptitude|yum|dnf)[[:space:]]+(-[^[:space:]]+[[:space:]]+)*((full-|dist-|safe-)?upgrade|update[[:space:]]+-y|-y[[:space:]]+update)|(^|[[:space:]/])unattended-upgrade)' \
    /etc/crontab /etc/cron.d/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* 2>/dev/null | grep -vE 'apt-compat|/cron.daily/apt$|yum-cron' | sed 's/^/job /'
  return 0
}
run upgrade-units upgrade_units

restart() {
  for path in /run/reboot-required /var/run/reboot-required; do
    if [ -e "$path" ]; then stat -c 'required|%Z|%n' "$path"; break; fi
  done
  for path in /boot/vmlinuz-*; do [ -f "$path" ] && stat -c 'kernel|%Z|%n' "$path"; done
  return 0
}
run packages-restart restart

# Programs that listen, with their files and the packages of these; 77: sudo does not allow it.
listening() {
  [ "$ROOT" = 1 ] || [ "$SUDO" = 1 ] || return 77
  sockets=$(as_root listening 2>&1)
  if refused "$sockets"; then return 77; fi
  case $sockets in *State*) ;; *) return 127 ;; esac
  files=$(as_root programs 2>/dev/null)
  [ -n "$files" ] || return 77
  pids=$(printf '%s\n' "$sockets" | grep -o 'pid=[0-9]*\|,[0-9][0-9]*,[0-9][0-9]*' | tr -dc '0-9,\n' | sed 's/^,//; s/,.*//' | sort -u | tr '\n' ' ')
  # Each line is "FILE:/proc/NUMBER/exe"; the number of the process ends it.
  listed=$(printf '%s\n' "$files" | PIDS=$pids awk 'BEGIN{n=split(ENVIRON["PIDS"], one, " "); for (i=1; i<=n; i++) wanted[one[i]]=1}
    match($0, /:\/proc\/[0-9]+\/exe$/) {pid=substr($0, RSTART+7, RLENGTH-11); if (pid in wanted) print substr($0, 1, RSTART-1)}' | sort -u)
  printf '%s\n' "$listed" | sed -n 's#^/#path|/#p'
  # The first word of each line is the path; behind it may stand "(deleted)".
  set -- $(printf '%s\n' "$listed" | sed -n 's#^\(/[^ ]*\).*#\1#p')
  [ $# -gt 0 ] || return 0
  if [ -d /var/lib/dpkg/info ]; then
    for path in "$@"; do printf '%s\n%s\n/usr%s\n' "$path" "${path#/usr}" "$path"; done |
      $T grep -Fx -f - /var/lib/dpkg/info/*.list | sed 's#^/var/lib/dpkg/info/\(.*\)\.list:#owned|\1|#'
  else
    for path in "$@"; do printf 'asked|%s\n' "$path"; done
    $T rpm -qf --qf 'answer|%{NAME}\n' "$@"
  fi
  return 0
}
run packages-programs listening

# Runtimes that no package brought: what they say their version is. A program is run only where nobody but root
# could have put it: its file and every folder above it belong to root and are closed to others.
runtime_programs() {
  while [ $# -gt 1 ]; do
    if [ -f "$2" ] && [ -x "$2" ]; then
      real=$(readlink -f "$2")
      case $real in *[[:cntrl:]\|]*) echo "$1|/name-with-control-characters" ;; /*) echo "$1|$real" ;; esac
    fi
    product=$1; shift 2; set -- "$product" "$@"
  done
}
runtimes_found() {
  runtime_programs php /usr/local/bin/php /opt/lampp/bin/php /www/server/php/*/bin/php /opt/plesk/php/*/bin/php /opt/cpanel/ea-php*/root/usr/bin/php /usr/local/lsws/lsphp*/bin/php
  runtime_programs nginx /usr/local/nginx/sbin/nginx /usr/local/sbin/nginx /opt/nginx/sbin/nginx /www/server/nginx/sbin/nginx
  runtime_programs apache /usr/local/apache2/bin/httpd /opt/lampp/bin/httpd /www/server/apache/bin/httpd
  runtime_programs mysql /usr/local/mysql/bin/mysqld /opt/lampp/sbin/mysqld /www/server/mysql/bin/mysqld /www/server/mysql/bin/mariadbd
  runtime_programs postgresql /usr/local/pgsql*/bin/postgres /opt/*/bin/postgres
  runtime_programs nodejs /usr/local/bin/node /opt/node*/bin/node
  runtime_programs python /usr/local/bin/python[23].[0-9] /usr/local/bin/python3.[0-9][0-9]
}
# of_root: of lines `product|path`, "run" before those that only root can have put there, else "leave".
of_root() {
  listed=$(cat)
  [ -n "$listed" ] || return 0
  IFS=$NL
  set -- $(printf '%s\n' "$listed" | awk '{ sub(/^[^|]*[|]/, ""); while ($0 != "") { if (!seen[$0]++) print; sub("/[^/]*$", "") } if (!seen["/"]++) print "/" }')
  unset IFS
  { stat -c '%u %a %n' "$@"; echo; printf '%s\n' "$listed"; } | awk '
    !behind && $0 == "" { behind = 1; next }
    !behind { mode = $2; path = $0; sub("^[^ ]+ [^ ]+ ", "", path); closed[path] = $1 == 0 && mode !~ "[2367].?$" ; next }
    { path = $0; sub("^[^|]*[|]", "", path); ok = closed["/"]
      while (path != "") { if (!closed[path]) ok = 0; sub("/[^/]*$", "", path) }
      print (ok ? "run" : "leave") "|" $0 }'
}
runtime_version() {
  case $1 in
    php) $T "$2" -n -v 2>/dev/null </dev/null | sed -n "s#^PHP \([0-9][0-9.]*\).*#php|\1|$2#p" ;;
    nginx) $T "$2" -v 2>&1 </dev/null | sed -n "s#^nginx version: nginx/\([0-9][0-9.]*\).*#nginx|\1|$2#p" ;;
    apache) $T "$2" -v 2>/dev/null </dev/null | sed -n "s#^Server version: Apache/\([0-9][0-9.]*\).*#apache|\1|$2#p" ;;
    mysql) $T "$2" --no-defaults --version 2>/dev/null </dev/null | sed -n -e "s#.*Ver \([0-9][0-9.]*\)-MariaDB.*#mariadb|\1|$2#p" -e t -e "s#.*Ver \([0-9][0-9.]*\).*#mysql|\1|$2#p" ;;
    postgresql) $T "$2" --version 2>/dev/null </dev/null | sed -n "s#.*PostgreSQL) \([0-9][0-9.]*\).*#postgresql|\1|$2#p" ;;
    nodejs) $T "$2" --version 2>/dev/null </dev/null | sed -n "s#^v\([0-9][0-9.]*\).*#nodejs|\1|$2#p" ;;
    python) $T "$2" -I -S -V 2>&1 </dev/null | sed -n "s#^Python \([0-9][0-9.]*\).*#python|\1|$2#p" ;;
  esac
}
runtimes() {
  runtimes_found | of_root | while IFS='|' read -r how product path; do
    if [ "$how" = run ]; then runtime_version "$product" "$path"; else echo "$product|UNKNOWN|$path"; fi
  done
  for path in /opt/*/release /usr/java/*/release /usr/local/*/release; do
    [ -r "$path" ] && sed -n "s#^JAVA_VERSION=\"\(1\.\)\{0,1\}\([0-9][0-9.]*\).*#java|\2|${path%/release}#p" "$path"
  done
  for path in /opt/*/RELEASE-NOTES /usr/local/*/RELEASE-NOTES /srv/*/RELEASE-NOTES; do
    [ -r "$path" ] && sed -n "s#.*Apache Tomcat Version \([0-9][0-9.]*\).*#tomcat|\1|${path%/RELEASE-NOTES}#p" "$path"
  done
  return 0
}
run packages-runtimes runtimes

# Attack and mining tools that no package brought.
tools() {
  for place in /usr/local/bin /usr/local/sbin /opt /usr/share /tmp /var/tmp /dev/shm /root; do
    for tool in xmrig xmr-stak minerd cpuminer ccminer nbminer t-rex lolMiner kinsing kdevtmpfsi hydra medusa john hashcat sqlmap msfconsole metasploit-framework masscan nikto responder mimikatz mimipenguin chisel ligolo-ng pspy64 pspy32 linpeas.sh LinEnum.sh gs-netcat; do
      [ -e "$place/$tool" ] && echo "$place/$tool"
    done
  done
  return 0
}
run packages-tools tools
compilers() {
  for tool in gcc g++ cc clang tcc make go rustc; do [ -x /usr/local/bin/$tool ] && echo "/usr/local/bin/$tool"; done
  [ -x /usr/local/go/bin/go ] && echo /usr/local/go/bin/go
  return 0
}
run packages-compilers compilers

# Names that a broken licence check is pointed away from, and tools that do it.
bypasses() {
  awk '!/^#/ && $1 ~ /^(127\.|0\.0\.0\.0|::1)/{for (i=2; i<=NF; i++) if ($i ~ /(^|\.)(auth|verify|licen[cs]e?s?|activation|api)[0-9a-z-]*\.(cpanel\.net|directadmin\.com|whmcs\.com|plesk\.com|litespeedtech\.com|cloudlinux\.com|softaculous\.com|kaspersky\.com|microsoft\.com|elementor\.com|wpml\.org)$/) print "/etc/hosts " $i}' /etc/hosts
  for path in /usr/bin/gblicensecp /usr/bin/gblicenseda /usr/bin/RcLicenseCP /usr/bin/licsys /usr/bin/licsyscp /usr/bin/gbcp /usr/local/RC /usr/local/RCBIN; do
    [ -e "$path" ] && echo "$path"
  done
  return 0
}
run packages-bypasses bypasses

# What web applications are there; their folders are often closed to others.
root packages-web-versions packages-web-versions
root packages-web-marks packages-web-marks
# web_core prints, for each application, which core files are newer than its file of the version.
web_core() {
  awk -v RS=';' '$0=="0|unnamed"{if (!unnamed++) print "unnamed"; next} {at=index($0, "|"); time=substr($0, 1, at-1)+0; path=substr($0, at+1); n=split(path, part, "/")
      site=""; for (i=2; i<n; i++) { if (part[i]=="wp-includes" || part[i]=="wp-admin" || part[i]=="libraries" || part[i]=="donjo-app") break; site=site "/" part[i] }
      kind=part[i]; if (path ~ /\/wp-includes\/version\.php$/) {stamp[site "|wp"]=time}
      if (path ~ /\/libraries\/src\/Version\.php$/) stamp[site "|joomla"]=time
      if (path ~ /\/donjo-app\/helpers\/opensid_helper\.php$/) stamp[site "|opensid"]=time
      key=site "|" (kind ~ /^wp-/ ? "wp" : kind=="libraries" ? "joomla" : "opensid"); count++; keys[count]=key; times[count]=time; paths[count]=path}
    END{for (key in stamp) print "application|" key; for (i=1; i<=count; i++) if (keys[i] in stamp && times[i] > stamp[keys[i]] + 3600) print "newer|" paths[i]}'
}
root packages-web-core packages-web-core web_core
