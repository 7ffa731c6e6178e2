# accounts: who may log in, and how passwords and keys are kept. Prints no hash, no key and no full name.
accounts_passwd() {
  awk -F: '/^[^#]/ {
    kept = $2
    if (kept != "" && kept != "x" && kept !~ /^[*!]+$/) kept = "hash"
    print $1 ":" kept ":" $3 ":" $4 ":" $6 ":" $7
  }' /etc/passwd
}
run accounts-passwd accounts_passwd
run accounts-groups awk -F: '/^[^#]/ { print $1 ":" $3 ":" $4 }' /etc/group
root accounts-shadow accounts-shadow
copy accounts-nsswitch /etc/nsswitch.conf
# Which directory services have settings on this host; of those that may not be looked into, that it is so.
accounts_directories() {
  for path in /etc/sssd/sssd.conf /etc/nslcd.conf /etc/ldap.conf /etc/libnss-ldap.conf /etc/pam_ldap.conf \
    /etc/krb5.keytab /etc/yp.conf; do
    if [ -e "$path" ]; then echo "there $path"
    elif is_hidden "$path"; then echo "hidden $path"
    fi
  done
  for path in /etc/sssd/conf.d/*.conf; do [ -e "$path" ] && echo "there $path"; done
  return 0
}
run accounts-directories accounts_directories
# Home directories of accounts with a login shell, and the places that keys are searched in.
accounts_homes() {
  IFS=$NL
  set -f
  set -- $(awk -F: '/^[^#]/ && $6 ~ /^\// && $7 !~ /(nologin|false|sync|shutdown|halt)$/ { print $6 }' /etc/passwd)
  IFS=' '
  for home in "$@"; do
    if [ -L "$home" ]; then echo "link $home"; fi
    if [ ! -e "$home" ] && is_hidden "$home"; then echo "hidden $home"; fi
  done
  $T stat -L -c 'is %a %u %g %d %n' -- "$@" /root /home /var /srv /opt
  return 0
}
run accounts-homes accounts_homes
# Of each line of authorized_keys: file, number, type and names of options; behind them size and fingerprint of
# each number. No key, no comment and no value of an option is printed.
accounts_keys() {
  awk '
    BEGIN { quote = sprintf("%c", 34); tab = sprintf("%c", 9); type = "^(ssh-|ecdsa-|sk-|rsa-sha2-)" }
    /^is [0-7]+ / { print; next }
    {
      colon = index($0, ":")
      path = substr($0, 1, colon - 1); rest = substr($0, colon + 1)
      gsub(/[\r\t]/, " ", path); gsub(/[\r\t]/, " ", rest); sub(/^ +/, "", rest)
      if (rest == "" || rest ~ /^#/) next
      options = ""
      if (rest !~ type) {
        within = 0; named = 1
        for (at = 1; at <= length(rest); at++) {
          sign = substr(rest, at, 1)
          if (within) { if (sign == "\\") at++; else if (sign == quote) within = 0 }
          else if (sign == quote) within = 1
          else if (sign == " ") break
          else if (sign == ",") { options = options sign; named = 1 }
          else if (sign == "=") named = 0
          else if (named) options = options sign
        }
        rest = substr(rest, at + 1); sub(/^ +/, "", rest)
      }
      word[1] = ""; word[2] = ""; split(rest, word, " ")
      if (word[1] ~ type && word[1] ~ /^[a-z0-9@.-]+$/ && word[2] ~ "^AAAA[A-Za-z0-9+/=]+$") {
        count++
        print "key" tab path tab count tab word[1] tab options
        key[count] = word[1] " " word[2] " " count
      } else if (rest ~ "(^| )AAAA[A-Za-z0-9+/=]+") print "odd" tab path tab "key"
      else print "odd" tab path
    }
    END {
      system("")
      for (at = 1; at <= count; at++) print key[at] | "ssh-keygen -lf -"
    }'
}
root accounts-files accounts-files accounts_keys
copy accounts-login-defs /etc/login.defs
# A directory of settings that may not be looked into is said to be so.
accounts_settings() {
  folder=/etc/security/pwquality.conf.d
  if [ -d "$folder" ] && [ ! -r "$folder" ]; then printf '==> %s <== denied\n' "$folder"; fi
  copy_each "$@"
}
# Of each rule of PAM its type, control and module, and only such arguments as are known to hold no secret.
accounts_pam() {
  copy_each /etc/pam.d/common-auth /etc/pam.d/common-account /etc/pam.d/common-password \
    /etc/pam.d/common-session /etc/pam.d/common-session-noninteractive \
    /etc/pam.d/system-auth /etc/pam.d/password-auth /etc/pam.d/postlogin /etc/pam.d/sshd /etc/pam.d/login \
    /etc/pam.d/passwd /etc/pam.d/su /etc/pam.d/su-l | accounts_pam_kept
}
accounts_pam_kept() {
  awk '
    function rule(line,    count, word, at, out, control) {
      sub(/#.*/, "", line); gsub(/\t/, " ", line); sub(/^ +/, "", line); sub(/ +$/, "", line)
      if (line == "") return
      if (line ~ /^@include +[A-Za-z0-9_.\/-]+$/) { print line; return }
      if (line !~ /^-?(auth|account|password|session) +([[][^]]*[]]|[a-z]+) +[A-Za-z0-9_.\/-]+( |$)/) { print "not understood"; return }
      out = line; sub(/ .*/, "", out); sub(/^[^ ]+ +/, "", line)
      if (line ~ /^[[]/) {
        control = line; sub(/[]].*/, "", control); control = substr(control, 2); sub(/^[[][^]]*[]] */, "", line)
        gsub(/ *= */, "=", control); count = split(control, word, " "); control = ""
        for (at = 1; at <= count; at++) if (word[at] ~ /^[a-z_]+=([0-9]+|ignore|bad|die|ok|done|reset)$/) control = control (control == "" ? "" : " ") word[at]
        out = out " [" control "]"
      } else { control = line; sub(/ .*/, "", control); sub(/^[^ ]+ */, "", line); out = out " " control }
      count = split(line, word, " "); out = out " " word[1]
      for (at = 2; at <= count; at++)
        if (word[at] ~ /^(nullok|nullok_secure|use_uid|deny|trust|root_only|preauth|authfail|authsucc|blowfish|md5|bigcrypt|sha256|sha512|yescrypt|gost_yescrypt|obscure|shadow|use_authtok|try_first_pass|use_first_pass|enforce_for_root|enforce_root|even_deny_root|silent|audit|local_users_only|debug|onerr=(fail|succeed))$/ ||
          word[at] ~ /^(deny|fail_interval|unlock_time|root_unlock_time|remember|retry|rounds|minlen|minclass|difok|dcredit|ucredit|lcredit|ocredit|maxrepeat|maxsequence|maxclassrepeat|dictcheck|gecoscheck|usercheck|enforcing)=-?[0-9]+$/ ||
          word[at] ~ /^(min|max|passphrase|match)=(([0-9]+|disabled),?)+$/ || (word[1] ~ /pam_wheel/ && word[at] ~ /^group=[A-Za-z0-9_.-]+$/)) out = out " " word[at]
      print out }
    /^==> .* <== (read|denied)$/ { if (held != "") rule(held); held = ""; print; next }
    /\\$/ { held = held substr($0, 1, length($0) - 1) " "; next }
    { rule(held $0); held = "" }
    END { if (held != "") rule(held) }'
}
run accounts-pam accounts_pam
run accounts-security accounts_settings /etc/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf \
  /etc/security/faillock.conf /etc/security/pwhistory.conf
# Last logins: what the host keeps of them differs by release.
show accounts-lastlog lastlog
show accounts-lastlog2 lastlog2
accounts_sessions() {
  for path in /var/log/wtmp.1 /var/log/wtmp-[0-9]*; do
    case $path in *.gz | *.xz | *.bz2 | *.zst | *'*') continue ;; esac
    [ -s "$path" ] || continue
    if [ -r "$path" ]; then printf '==> %s <== read\n' "$path"; $T last -F -w -n 1500 -f "$path"; echo
    else printf '==> %s <== denied\n' "$path"
    fi
  done
  if [ -e /var/log/wtmp ] && [ ! -r /var/log/wtmp ]; then printf '==> /var/log/wtmp <== denied\n'; return; fi
  printf '==> current <== read\n'
  $T last -F -w -n 1500 || echo "failed"
}
if command -v last >/dev/null 2>&1; then run accounts-sessions accounts_sessions
else begin accounts-sessions; end accounts-sessions absent
fi
accounts_zone() { unset TZ; date +%z; }
run accounts-zone accounts_zone
# Where somebody can log in on the console, and where the people to call are written down.
accounts_responders() {
  for path in /etc/systemd/system/getty.target.wants/*getty@*.service /etc/init/tty*.conf /etc/init/start-ttys.conf; do
    if [ -e "$path" ] || [ -L "$path" ]; then echo "console $path"; fi
  done
  [ -e /etc/inittab ] && awk '/^[^#].*getty/ { print "console /etc/inittab"; exit }' /etc/inittab
  for path in /etc/*[Kk]ontak* /etc/*KONTAK* /etc/*[Nn]arahubung* /etc/*[Cc]ontact* /etc/motd.d/*[Kk]ontak* \
    /etc/motd.d/*[Cc]ontact* /usr/local/etc/*[Kk]ontak* /usr/local/etc/*[Cc]ontact* \
    /usr/local/share/*[Kk]ontak* /usr/local/share/*[Cc]ontact*; do
    [ -f "$path" ] && [ -s "$path" ] && echo "contact $path"
  done
  grep -liE 'kontak|narahubung|hubungi|contact' /etc/motd /etc/issue /etc/issue.net | sed 's/^/contact /'
  return 0
}
run accounts-responders accounts_responders
