# watch: integrity tools, monitoring, defence against guessing, malware, scheduled jobs, signs of a break-in.
# Names of running programs; then those whose arguments name a mining pool. Nobody's arguments are printed.
watch_processes() {
  [ -r /proc/1/stat ] || echo '!hidden'
  cat /proc/[0-9]*/stat | awk '{
    name = $0; sub(/^[0-9]+ [(]/, "", name); sub(/[)] [A-Za-z] [-0-9 ]*$/, "", name)
    rest = $0; sub(/^.*[)] /, "", rest); split(rest, part, " ")
    if (part[1] != "Z" && part[2] != 2 && !(name in seen)) { seen[name]; print "name " name }
  }'
  grep -l -s -a -i -E 'stratum[+](tcp|ssl|tls)|--donate[-]level|--randomx[-]|--coin[=]monero|cryptonight[-:]' /proc/[0-9]*/cmdline | sed 's/^/pool /'
}
run watch-processes watch_processes
root watch-programs watch-programs

# Each line: a tool, and files by which it is known.
watch_tools() {
  # Not a here-document: older shells write one to a file.
  printf '%s\n' \
    'aide /usr/bin/aide /usr/sbin/aide' \
    'tripwire /usr/sbin/tripwire' \
    'samhain /usr/sbin/samhain /usr/local/sbin/samhain' \
    'wazuh /var/ossec' \
    'clamav /usr/bin/clamscan /usr/sbin/clamd /usr/local/bin/clamscan' \
    'maldet /usr/local/sbin/maldet /usr/local/maldetect/maldet' \
    'imunify /usr/bin/imunify-antivirus /usr/bin/imunify360-agent' \
    'eset /opt/eset/efs/sbin/startd /opt/eset/esets/sbin/esets_daemon' \
    'kaspersky /opt/kaspersky/kesl' \
    'sophos /opt/sophos-av /opt/sophos-spl' \
    'defender /opt/microsoft/mdatp' \
    'bitdefender /opt/bitdefender-security-tools' \
    'rkhunter /usr/bin/rkhunter /usr/local/bin/rkhunter' \
    'chkrootkit /usr/sbin/chkrootkit /usr/bin/chkrootkit' |
  while read -r tool paths; do
    for path in $paths; do if [ -e "$path" ]; then echo "$tool"; break; fi; done
  done
}
run watch-tools watch_tools
watch_tools_of() { for path in "$@"; do [ -e "$path" ] && return 0; done; return 1; }
# Only ages are taken; whether a folder of the tools is there decides whether root is asked.
if watch_tools_of /var/log/aide /var/lib/aide /var/lib/tripwire /var/ossec /var/lib/samhain; then root watch-integrity watch-integrity
else begin watch-integrity; end watch-integrity absent
fi
if [ -d /var/ossec ]; then root watch-wazuh watch-wazuh
else begin watch-wazuh; end watch-wazuh absent
fi
watch_signatures() {
  for path in /var/lib/clamav/daily.cvd /var/lib/clamav/daily.cld; do
    if [ -r "$path" ]; then printf 'clamav %s\n' "$(head -c 40 "$path")"; elif [ -e "$path" ]; then echo '!denied'; fi
  done
  if [ -r /usr/local/maldetect/sigs/maldet.sigs.ver ]; then printf 'maldet %s\n' "$(head -c 40 /usr/local/maldetect/sigs/maldet.sigs.ver)"
  elif [ -d /usr/local/maldetect ]; then echo '!denied'; fi
}
run watch-signatures watch_signatures
root watch-scans watch-scans

watch_jails() {
  copy_each /etc/fail2ban/jail.conf /etc/fail2ban/jail.d/*.conf /etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.local |
    awk '/^==> .* <== (read|denied)$/ || /^[ \t]*\[/ || /^[ \t]*(enabled|filter|backend)[ \t]*=/ { print }'
}
run watch-jails watch_jails
watch_crowdsec() {
  for folder in /etc/crowdsec/collections /etc/crowdsec/scenarios; do
    if [ -d "$folder" ] && ! [ -r "$folder" ]; then echo '!denied'; fi
  done
  for path in /etc/crowdsec/collections/*.yaml /etc/crowdsec/scenarios/*.yaml; do [ -e "$path" ] && echo "${path##*/}"; done
  :
}
run watch-crowdsec watch_crowdsec

copy watch-preload /etc/ld.so.preload
watch_preload_set() {
  grep -l -s -E '^[^#]*LD_PRELOAD[ "]*=' /etc/environment /etc/profile /etc/profile.d/* /etc/bash.bashrc /etc/bashrc /etc/default/* \
    /etc/sysconfig/* /etc/systemd/system.conf /etc/systemd/system/*.service /etc/systemd/system/*.d/*.conf
  :
}
run watch-preload-set watch_preload_set
watch_modules() {
  cat /proc/modules | awk '{ print "loaded " $1 " " ($NF ~ /^[(]/ ? $NF : "-") }'
  for path in /sys/module/*/initstate; do
    [ -e "$path" ] && { path=${path%/initstate}; echo "kernel ${path##*/}"; }
  done
  :
}
run watch-modules watch_modules

# Scheduled commands, with what may be a password or the rest of an address masked; of scripts only lines that fetch or send.
watch_masked() {
  awk '
    function quiet(line,    i, n, word, low, out, hide, quote, program) {
      n = split(line, word, " "); out = ""
      for (i = 1; i <= n; i++) {
        if (quote != "") { if (substr(word[i], length(word[i])) == quote) quote = ""; continue }
        # What follows -p is a folder or a port, or else a password; what follows -u may hold one behind a sign.
        if (hide != "") {
          if (!(hide == "p" && word[i] ~ /^(\/|[0-9]+$)/) && !(hide == "u" && word[i] !~ /[:,%]/)) {
            if (word[i] ~ /^["\047]/ && !(length(word[i]) > 1 && substr(word[i], length(word[i])) == substr(word[i], 1, 1))) quote = substr(word[i], 1, 1)
            out = out " ***"; hide = ""; continue }
          hide = "" }
        word[i] = address(word[i]); low = tolower(word[i])
        if (low ~ /(redis-cli|openssl|ldap[a-z]*|smbclient|zip)$/) program = 1
        if (low ~ /authorization|bearer|x-[a-z-]*key|x-[a-z-]*token/) { out = out " ***"; break }
        if (low ~ /(pass|passwd|password|pwd|passphrase|token|secret|key|credential)[a-z0-9_-]*[=:]./) sub(/[=:].*$/, "=***", word[i])
        else if (low ~ /^(--pass|--password|--passwd|--auth|--token|--secret|--passphrase|--http-password|--ftp-password)$/) hide = "all"
        else if (low ~ /^(-u|--user|--username|--proxy-user)$/) hide = "u"
        else if (word[i] == "-p" || word[i] == "-P") hide = "p"
        else if (program && word[i] ~ /^-[akw]$/) hide = "all"
        else if (word[i] ~ /^-p./ && low !~ /^-p(orts?)?$/) word[i] = "-p***"
        out = out " " word[i] }
      return substr(out, 2, 400) }
    function address(text,    before, rest, own) {
      before = ""
      while (match(text, /:\/\/[^|;&<>()"\047`]*/)) {
        own = substr(text, RSTART + 3, RLENGTH - 3)
        sub(/^.*@/, "", own)
        if (own ~ /[\/?]/) sub(/[\/?].*$/, "/***", own)
        before = before substr(text, 1, RSTART + 2) own
        text = substr(text, RSTART + RLENGTH) }
      return before text }
    length($1) >= 32 && $1 !~ /[^0-9a-f]/ && $2 ~ /^[*]?\// { path = $0; sub(/^[^ ]+ +[*]?/, "", path); print "hash " $1 " " path; next }
    /^!file / { print substr($0, 2); next }
    { colon = index($0, ":"); path = substr($0, 1, colon - 1); line = substr($0, colon + 1) }
    path ~ /\/\.placeholder$/ || path ~ /\/\.SEQ$/ { next }
    path ~ /^\/var\/spool\/(cron\/atjobs|at)\// {
      if (line ~ /Execution directory inaccessible/) ready[path] = 1
      else if (ready[path] == 1 && line ~ /^}/) ready[path] = 2
      else if (ready[path] == 2 && line !~ /DELIMITER/) print "at - " path "\t" quiet(line)
      next }
    line ~ /^[ \t]*#/ || line ~ /^[ \t]*$/ { next }
    path ~ /^\/etc\/(crontab|anacrontab|cron\.d\/)/ || path ~ /^\/var\/spool\/cron\// {
      if (line ~ /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) next
      fields = (path == "/etc/anacrontab") ? 3 : (line ~ /^[ \t]*@/) ? 1 : 5
      owner = "root"
      if (path ~ /^\/etc\/(crontab|cron\.d)/) { fields++; split(line, part, " "); owner = part[fields] }
      else if (path ~ /^\/var\/spool\/cron/) { owner = path; sub(/^.*\//, "", owner) }
      rest = line
      for (i = 0; i < fields; i++) sub(/^[ \t]*[^ \t]+/, "", rest)
      sub(/^[ \t]+/, "", rest)
      print "cron " owner " " path "\t" quiet(rest); next }
    line ~ /curl|wget|fetch|ftp|rcp|rsh|rlogin|telnet|rsync|base64|\/dev\/tcp/ { print "line - " path "\t" quiet(line) }
    END { print "!done" }'
}
root watch-jobs watch-jobs watch_masked
# Which of them came with a package, and what they contained then.
watch_packaged() {
  if [ -f /var/lib/dpkg/status ]; then
    grep -h '^ /etc/\(ana\)\{0,1\}cron' /var/lib/dpkg/status
    grep -h '/systemd/system/[^/]*\.timer$' /var/lib/dpkg/info/*.list | sed 's/^/timer /'
  elif command -v rpm >/dev/null 2>&1; then
    $T rpm -q --qf '[ %{FILENAMES} %{FILEDIGESTS}\n]' cronie cronie-anacron crontabs logrotate sysstat man-db mlocate mdadm | grep '^ /etc/\(ana\)\{0,1\}cron'
    $T rpm -qf --qf '[ %{FILENAMES} %{FILEDIGESTS}\n]' /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* | grep '^ /etc/\(ana\)\{0,1\}cron'
    $T rpm -qf --qf '[%{FILENAMES}\n]' /usr/lib/systemd/system/*.timer | grep '/systemd/system/[^/]*\.timer$' | sort -u | sed 's/^/timer /'
  else echo '!unknown'
  fi
  :
}
run watch-packaged watch_packaged
watch_timers() {
  for path in /etc/systemd/system/*.timer /run/systemd/system/*.timer /run/systemd/transient/*.timer /usr/local/lib/systemd/system/*.timer \
    /lib/systemd/system/*.timer /usr/lib/systemd/system/*.timer; do
    [ -f "$path" ] && [ ! -L "$path" ] && echo "timer $path"
  done
  grep -H -s '^ExecStart' /etc/systemd/system/*.service /usr/local/lib/systemd/system/*.service | sed 's/:ExecStart[A-Za-z]*=[-@:+!]*/:/' | watch_masked
}
run watch-timers watch_timers
