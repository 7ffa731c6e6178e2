# files: owners and modes, file systems, mounts, disks.
show files-accounts ls -lLd /etc/passwd /etc/passwd- /etc/group /etc/group- /etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/security/opasswd
copy files-mounts /proc/mounts
# Of files that everybody may write to and of those without owner the first are enough, with how many there are:
# after one `chmod -R 777` they would fill the report.
fewer() {
  awk -F: '
    NF < 7 { next }
    {
      keep = 1
      if ($1 ~ /[2367]$/ && ($6 == "f" || ($6 == "d" && $1 !~ /^[1357]...$/))) { if (++loose > 200) keep = 0 }
      if ($2 == $4 || $3 == $5) { if (++unowned > 200) keep = 0 }
      # What is asked for by name is told however many others there are.
      if ($1 ~ /^[2-7]...$/ || $7 ~ "^/(etc|boot)/" || $0 ~ /(key|[.]pem|[.]p12|[.]pfx|\/id_[a-z0-9]+)$/) keep = 1
      if (keep) print
    }
    END { printf "all:%d:%d\n", loose, unowned }'
}
root files-walk files-walk fewer
root files-boot-password files-boot-password
show files-space df -lPTk
show files-inodes df -lPi
# Where a path really leads, so that a link from /var/tmp to /tmp is seen.
places() {
  for place in /tmp /var/tmp /dev/shm /var /var/log; do
    if cd -P "$place"; then printf '%s %s\n' "$place" "$PWD"; fi
    cd /
  done
}
run files-places places
show files-disks lsblk -P -o NAME,KNAME,PKNAME,TYPE,FSTYPE,MOUNTPOINT,RM,TRAN
# Of logrotate the paths and what bounds each; scripts and all other statements stay on the host.
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
run files-logrotate rotation
