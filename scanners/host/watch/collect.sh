# watch: integrity tools, monitoring, defence against guessing, malware, scheduled jobs, signs of a break-in.
# Names of running programs, behind `name` those that root or an account of the system runs: a person may give a
# program any name. Then processes whose arguments name a mining pool. Nobody's arguments are printed.
watch_processes() {
  [ -r /proc/1/status ] || echo '!hidden'
  cat /proc/[0-9]*/status | watch_names
  grep -l -s -a -i -E 'stratum[+](tcp|ssl|tls)|--donate[-]level|--randomx[-]|--coin[=]monero|cryptonight[-:]' /proc/[0-9]*/cmdline | sed 's/^/pool /'
}
watch_names() {
  awk 'function system_account(number) { return number < 1000 || (number >= 61184 && number <= 65519) }
    /^Name:\t/ { name = substr($0, 7) }
    /^State:/ { state = $2 }
    /^PPid:/ { parent = $2 }
    /^Uid:/ && state != "Z" && parent != 2 {
      line = (system_account($2) && system_account($3) ? "name " : "other ") name
      if (!(line in seen)) { seen[line]; print line } }'
}
run watch-processes watch_processes
root watch-programs programs

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

# The digests that packages have for files of the scheduler: path, then digest.
watch_shipped() {
  if [ -f /var/lib/dpkg/status ]; then grep -h '^ /etc/\(ana\)\{0,1\}cron' /var/lib/dpkg/status
  elif command -v rpm >/dev/null 2>&1; then
    $T rpm -q --qf '[ %{FILENAMES} %{FILEDIGESTS}\n]' cronie cronie-anacron crontabs logrotate sysstat man-db mlocate mdadm | grep '^ /etc/\(ana\)\{0,1\}cron'
    $T rpm -qf --qf '[ %{FILENAMES} %{FILEDIGESTS}\n]' /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* | grep '^ /etc/\(ana\)\{0,1\}cron'
  fi
}
# Scheduled commands, printed anew from what is known to hold no secret: names of programs, paths, addresses without
# what stands before or behind the host, and the signs between commands; "***" for all other words. Of scripts
# only lines that fetch or send. A digest would give a short password away: it is compared here.
watch_jobs_kept() { watch_kept "$(watch_shipped </dev/null 2>/dev/null | awk '{ printf "%s %s|", $1, $2 }')"; }
watch_kept() {
  awk -v shipped="$1" '
    BEGIN {
      quote = "\047"
      count = split(shipped, pair, "|"); for (at = 1; at <= count; at++) { split(pair[at], part, " "); packaged[part[1]]; digest[part[1] " " part[2]] }
      list("if then else elif while until do ! { } time", keyword)
      list("sudo doas nice ionice nohup exec env command chronic flock timeout setsid stdbuf xargs eval", wrapper)
      list("sh bash dash ash zsh ksh su runuser", shell)
      list("sh bash dash ash zsh ksh su runuser python python2 python3 perl php ruby node curl wget fetch ftp ncftp ncftpput ncftpget tftp lftp sftp scp ssh rcp rsh rlogin telnet rsync base64 sudo nice timeout exec env eval nohup flock test cd mkdir rm cp mv cat echo printf tar gzip gunzip bzip2 xz zstd zip find grep sed awk sort mail sendmail logger mysqldump mysql mariadb-dump mariadb pg_dump pg_dumpall psql mongodump redis-cli sqlite3 sqlplus run-parts anacron certbot artisan systemctl service rclone restic borg sshpass expect nc ncat netcat socat openssl gpg smbclient mount umount python3 chmod chown touch date sleep true false docker podman composer npm snmpwalk plink", known) }
    function list(text, into,    word, at, count) { count = split(text, word, " "); for (at = 1; at <= count; at++) into[word[at]] }
    # Each of these three returns where what begins before `at` ends; 0 where it does not.
    function single_end(text, at,    found) { found = index(substr(text, at), quote); return found ? at + found - 1 : 0 }
    function double_end(text, at,    sign) {
      for (; at <= length(text); at++) {
        sign = substr(text, at, 1)
        if (sign == "\\") at++
        else if (sign == "\"") return at
        else if (sign == "`") { if (!(at = back_end(text, at + 1))) return 0 }
        else if (substr(text, at, 2) == "$(") { if (!(at = round_end(text, at + 2))) return 0 }
        else if (substr(text, at, 2) == "${") { if (!(at = curly_end(text, at + 2))) return 0 } }
      return 0 }
    function back_end(text, at) {
      for (; at <= length(text); at++) { if (substr(text, at, 1) == "\\") at++; else if (substr(text, at, 1) == "`") return at }
      return 0 }
    function curly_end(text, at,    found, inside) {
      found = index(substr(text, at), "}"); inside = substr(text, at, found - 1)
      return found && inside !~ /["\047{`\\]/ ? at + found - 1 : 0 }
    function round_end(text, at,    sign) {
      for (; at <= length(text); at++) {
        sign = substr(text, at, 1)
        if (sign == "\\") at++
        else if (sign == ")") return at
        else if (sign == quote) { if (!(at = single_end(text, at + 1))) return 0 }
        else if (sign == "\"") { if (!(at = double_end(text, at + 1))) return 0 }
        else if (sign == "`") { if (!(at = back_end(text, at + 1))) return 0 }
        else if (sign == "(") { if (!(at = round_end(text, at + 1))) return 0 } }
      return 0 }
    function put(text) { if (text == "***" && said[depth] ~ /\*\*\*$/) return; said[depth] = said[depth] (said[depth] == "" ? "" : " ") text }
    # What a command within another one says. `names`: whether a name where a program stands may be printed.
    function inner(text, names,    out) {
      if (depth >= 4) return "***"
      depth++; said[depth] = ""; reduce(text, names); out = said[depth]; depth--
      return out }
    function is_path(word) {
      return word == "/" || word ~ /^\/(bin|boot|data|dev|etc|home|lib|lib32|lib64|media|mnt|opt|proc|root|run|sbin|snap|srv|sys|tmp|usr|var|backup|backups)(\/[A-Za-z0-9_.*\/-]*)?$/ }
    function address(word,    scheme, host, rest) {
      if (!match(word, /(https?|ftps?|sftp|rsync|ssh|git|smb|nfs|s3|ldaps?|stratum[+]tcp):\/\//)) return ""
      scheme = substr(word, RSTART, RLENGTH); rest = substr(word, RSTART + RLENGTH); host = rest
      sub(/[\/?#].*$/, "", host); rest = substr(rest, length(host) + 1)
      sub(/^.*@/, "", host)
      # An @ further on means that what looks like a host is the name and password before it.
      if (rest ~ /@/ || host !~ /^([A-Za-z0-9-]+([.][A-Za-z0-9-]+)*|[[][0-9A-Fa-f:.]+[]])(:[0-9]+)?$/) host = "***"
      return scheme host }
    function remote(word,    host) {
      host = word; sub(/^[A-Za-z0-9._-]+@/, "", host)
      if (host ~ /^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(:.*)?$/) { sub(/:.*$/, "", host); return host (word ~ /[0-9]::/ ? "::" : "") }
      if (program == "rsync" && host ~ /^[A-Za-z0-9.-]+::/) { sub(/::.*$/, "::", host); return host }
      return "" }
    # One whole word, quotes taken away; sets what is expected next.
    function flush(word, names,    base, low) {
      if (target) { target = 0; put(is_path(word) ? word : address(word) != "" ? address(word) : word ~ /\/dev\/tcp\// ? "/dev/tcp/" : "***"); return }
      if (script) { script = 0; put(quote " " inner(word, names && word !~ /\\/) " " quote); return }
      base = word; sub(/^.*\//, "", base)
      if (place == 1 && word ~ /^[A-Za-z_][A-Za-z0-9_]*[+]?=/) { put("***"); return }
      if (place == 1 && word in keyword) { put(word); return }
      # Words behind these are no commands, whatever stands between them.
      if (place == 1 && word ~ /^(case|for|select|function|[[][[])$/) { stopped = 1; put("***"); return }
      if (place >= 1 && base in wrapper && (word == base || is_path(word))) { put(word); program = base; place = 2; if (base == "eval") script = 1; return }
      if (word in known || (base in known && is_path(word))) { if (place || !(program in shell)) program = base; place = 0; put(word); return }
      if (place) {
        if (place == 2 && word ~ /^-/) { put("***"); return }
        program = base
        put(is_path(word) || (names && place == 1 && word ~ /^(\/[A-Za-z0-9_.\/-]+|[A-Za-z][A-Za-z0-9_.+-]*)$/ && length(word) < 60) ? word : "***")
        place = 0; return }
      if (program in shell && word ~ /^-[a-z]*c$/) { script = 1; put("-c"); return }
      if (program == "base64" && word ~ /^(-d|-D|--decode)$/) { put(word); return }
      if (program ~ /^(curl|wget)$/ && word ~ /^(-[A-Za-z]*[oOP]|--output|--output-document|--directory-prefix)$/) { put("-o"); return }
      if (program ~ /^(curl|wget)$/ && word ~ /^-[oOP]\// && is_path(substr(word, 3))) { put("-o " substr(word, 3)); return }
      if (is_path(word)) { put(word); return }
      if (address(word) != "") { put(address(word)); return }
      if (remote(word) != "") { put(remote(word)); return }
      low = word; gsub(/[\n\t]/, " ", low)
      # A command that another program is given as text is told by its kind alone.
      if (low ~ /(curl|wget|fetch)[^;&]*[|] *(sudo +)?([a-z\/]*\/)?(ba|da|z|k)?sh([^a-z]|$)/) { put("curl *** | sh"); return }
      put(low ~ /\/dev\/tcp\// ? "/dev/tcp/" : "***") }
    function begin_command(loose) { place = loose ? 1 : 2; program = ""; script = target = 0 }
    function reduce(text, names,    at, sign, word, began, end, kept_program, kept_place, kept_target, kept_script) {
      begin_command(1); stopped = 0; word = ""; began = 0; text = text " "
      for (at = 1; at <= length(text) && !stopped; at++) {
        sign = substr(text, at, 1)
        if (sign == "\\") { word = word substr(text, at, 2); began = 1; at++; continue }
        if (sign == quote || sign == "\"") {
          end = sign == quote ? single_end(text, at + 1) : double_end(text, at + 1)
          if (!end || (sign == quote && substr(text, at - 1, 1) == "$")) { put("***"); return }
          word = word substr(text, at + 1, end - at - 1); began = 1; at = end; continue }
        if (sign == "`" || substr(text, at, 2) == "$(" || ((sign == "<" || sign == ">") && substr(text, at + 1, 1) == "(")) {
          if (substr(text, at, 3) == "$((") { put("***"); return }
          end = sign == "`" ? back_end(text, at + 1) : round_end(text, at + 2)
          if (!end) { put("***"); return }
          if (word != "") put("***")
          kept_program = program; kept_place = place; kept_target = target; kept_script = script
          word = substr(text, at, sign == "`" ? 1 : 2); put(word)
          put(inner(substr(text, at + length(word), end - at - length(word)), names)); put(sign == "`" ? "`" : ")")
          program = kept_program; place = kept_place == 1 ? 2 : kept_place; target = kept_target; script = kept_script; stopped = 0
          # What is joined to it is no word of its own.
          word = ""; at = end
          while (substr(text, at + 1, 1) !~ /[ \t;|&()<>]/ && at < length(text)) {
            sign = substr(text, ++at, 1)
            if (sign ~ /[\\"\047`$]/) { put("***"); return } }
          target = script = 0; if (place == 2) place = 0
          continue }
        if (substr(text, at, 2) == "${") { end = curly_end(text, at + 2); if (!end) { put("***"); return }; word = word "${}"; began = 1; at = end; continue }
        if (sign == "#" && !began) break
        if (sign !~ /[ \t;|&()<>]/) { word = word sign; began = 1; continue }
        if (sign == "(" && began) { put("***"); return }
        if (began && !(sign ~ /[<>]/ && word ~ /^[0-9]+$/)) flush(word, names)
        word = ""; began = 0
        if (stopped) return
        if (sign == "(") { if (!place || substr(text, at + 1, 1) == "(") { put("***"); return }; put("("); begin_command(1) }
        else if (sign == ")") { put(")"); begin_command(0); place = 2 }
        else if (sign ~ /[<>]/ || (sign == "&" && substr(text, at + 1, 1) == ">")) {
          end = at; while (substr(text, end + 1, 1) ~ /[<>&|]/) end++
          sign = substr(text, at, end - at + 1); at = end
          if (sign ~ /^<<-?$/) { put("***"); return }
          put(sign)
          if (sign == "<<<" && program in shell) script = 1; else target = 1 }
        else if (sign ~ /[;|&]/) {
          end = at; while (substr(text, end + 1, 1) == sign && end < at + 1) end++
          put(substr(text, at, end - at + 1)); at = end
          # Only a blank behind it makes sure that the sign is not one within an argument that lost its quotes.
          begin_command(substr(text, at + 1, 1) ~ /[ \t]/) } }
      if (stopped) put("***") }
    function command(text, names) { depth = 1; said[1] = ""; reduce(substr(text, 1, 1000), names); return substr(said[1], 1, 400) }
    length($1) >= 32 && $1 !~ /[^0-9a-f]/ && $2 ~ /^[*]?\// {
      path = $0; sub(/^[^ ]+ +[*]?/, "", path)
      if (!(path in state)) { order[++paths] = path; state[path] = path in packaged ? "changed" : "none" }
      if ((path " " $1) in digest) state[path] = "same"
      next }
    /^!file / { print substr($0, 2); next }
    /^timer \// { print; next }
    !/^\// { next }
    { colon = index($0, ":"); path = substr($0, 1, colon - 1); line = substr($0, colon + 1) }
    !colon || path ~ /\/\.placeholder$/ || path ~ /\/\.SEQ$/ { next }
    path ~ /^\/var\/spool\/(cron\/atjobs|at)\// {
      if (line ~ /Execution directory inaccessible/) ready[path] = 1
      else if (ready[path] == 1 && line ~ /^}/) ready[path] = 2
      else if (ready[path] == 2 && line !~ /DELIMITER/) print "at - " path "\t" command(line, 0)
      next }
    line ~ /^[ \t]*#/ || line ~ /^[ \t]*$/ { next }
    path ~ /^\/etc\/(crontab|anacrontab|cron\.d\/)/ || path ~ /^\/var\/spool\/cron\// {
      # Lines that set a variable, or that cron does not take for a job.
      if (line !~ /^[ \t]*[-0-9*@~]/) next
      fields = (path == "/etc/anacrontab") ? 3 : (line ~ /^[ \t]*@/) ? 1 : 5
      owner = "root"
      if (path ~ /^\/etc\/(crontab|cron\.d)/) { fields++; split(line, part, " "); owner = part[fields] }
      else if (path ~ /^\/var\/spool\/cron/) { owner = path; sub(/^.*\//, "", owner) }
      if (owner !~ /^[A-Za-z0-9_.$-]+$/ || length(owner) > 32) owner = "-"
      rest = line
      for (i = 0; i < fields; i++) sub(/^[ \t]*[^ \t]+/, "", rest)
      sub(/^[ \t]+/, "", rest)
      # Behind a percent sign stands what the command is given to read.
      while (match(rest, /\\%/)) rest = substr(rest, 1, RSTART - 1) "_" substr(rest, RSTART + 2)
      if (path != "/etc/anacrontab") sub(/%.*$/, "", rest)
      print "cron " owner " " path "\t" command(rest, 1); next }
    line ~ /curl|wget|fetch|ftp|rcp|rsh|rlogin|telnet|rsync|base64|\/dev\/tcp/ { print "line - " path "\t" command(line, 0) }
    END { for (at = 1; at <= paths; at++) print state[order[at]] " " order[at]; print "!done" }'
}
root watch-jobs watch-jobs watch_jobs_kept
# Which timers came with a package, and whether there is a tool that tells what came with one.
watch_packaged() {
  if [ -f /var/lib/dpkg/status ]; then grep -h '/systemd/system/[^/]*\.timer$' /var/lib/dpkg/info/*.list | sed 's/^/timer /'
  elif command -v rpm >/dev/null 2>&1; then
    $T rpm -qf --qf '[%{FILENAMES}\n]' /usr/lib/systemd/system/*.timer | grep '/systemd/system/[^/]*\.timer$' | sort -u | sed 's/^/timer /'
  else echo '!unknown'
  fi
  :
}
run watch-packaged watch_packaged
watch_timers() {
  for path in /etc/systemd/system/*.timer /run/systemd/system/*.timer /run/systemd/transient/*.timer /usr/local/lib/systemd/system/*.timer \
    /lib/systemd/system/*.timer /usr/lib/systemd/system/*.timer; do
    [ -f "$path" ] || continue
    # A link to a unit of a package gives it another name; one that leads elsewhere brings a unit of its own.
    if [ -L "$path" ]; then case $(readlink -f "$path") in /lib/systemd/*|/usr/lib/systemd/*|/dev/null|'') continue ;; esac; fi
    echo "timer $path"
  done
  grep -H -s '^ExecStart' /etc/systemd/system/*.service /usr/local/lib/systemd/system/*.service | sed 's/:ExecStart[A-Za-z]*=[-@:+!]*/:/' | watch_kept ''
}
run watch-timers watch_timers
