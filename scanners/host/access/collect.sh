# access: sshd, sudo, and the account of the audit itself.
root sshd-effective sshd-effective
root sshd-files sshd-files
sshd_running() { $T ps -ww -C sshd -o args= | grep -F /sshd; }
run sshd-running sshd_running
copy sshd-pam /etc/pam.d/sshd
# Where a shell or a session is ended for being idle.
idle() {
  grep -sE '^[^#]*TMOUT=' /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc
  # Of the files that are named some may not be there, so the status tells nothing.
  sessions=$(grep -sE '^[[:space:]]*StopIdleSessionSec' /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf)
  [ -n "$sessions" ] || return 0
  printf '%s\n' "$sessions"
  # Releases before systemd 252, unless it was brought back to them, pass over this setting.
  if grep -qs 'Login\.StopIdleSessionSec' /usr/lib/systemd/systemd-logind /lib/systemd/systemd-logind; then
    echo "logind knows"
  fi
}
run access-idle idle
# Files by which one host trusts another; of a home that may not be looked into, its path.
trust() {
  for path in /etc/hosts.equiv /etc/shosts.equiv /etc/ssh/shosts.equiv; do
    [ -f "$path" ] && grep -qE '^[[:space:]]*[^#[:space:]]' "$path" && echo "found $path"
  done
  while IFS=: read -r _ _ _ _ _ home _; do
    case $home in
      /root | /home/* | /srv/* | /opt/* | /var/lib/* | /var/www) echo "searched $home" ;;
      /?*)
        for path in "$home/.rhosts" "$home/.shosts"; do
          if [ -e "$path" ]; then echo "found $path"
          elif is_hidden "$path"; then echo "hidden $path"
          fi
        done ;;
    esac
  done </etc/passwd | sort -u
}
run access-trust trust
root access-trust-homes trust-homes
show sudo-version sudo -V
# Of sudoers who may run which program, and whether arguments are free (*), fixed (_) or our own ({fixed});
# arguments and comments may hold passwords.
sudo_told() {
  awk '
    function fixed(path, text,   plain) {
      if (path !~ "^/(usr/)?bin/sh$") return 0
      plain = text; gsub("\\\\.", "x", plain); if (plain ~ "[*?[]") return 0
      plain = text; gsub("\\\\[^\"{}\047]", "x", plain); if (index(plain, "\\")) return 0
      gsub("\047[^\047]*\047|\"[^\"]*\"", "", plain)
      return plain ~ "^-c [{] [^{}\"\047]*[}]$"
    }
    function arguments(path, text,   plain) {
      sub("^[ \t]+", "", text); sub("[ \t]+$", "", text)
      if (text == "") return ""
      if (fixed(path, text)) return " -c {fixed}"
      if (text == "\"\"") return " \"\""
      # Switches of one letter, root and shells hold no secret, and tell a shell from what asks for a single command.
      if (text !~ "(^|[ \t])-[a-z]*c([ \t]|$)" && text ~ "^(-|-[A-Za-z]|--login|--shell|--preserve-environment|root|(/usr)?/bin/(ba|da|z|k|c|tc|fi)?sh)([ \t]+(-|-[A-Za-z]|--login|--shell|--preserve-environment|root|(/usr)?/bin/(ba|da|z|k|c|tc|fi)?sh))*$" && length(text) < 60) return " " text
      plain = text; gsub("\\\\.", "", plain)
      return (path ~ "/(ba|da|z|k|c|tc|fi)?sh$" && text ~ "^-[a-z]*c([ \t]|$)" ? " -c" : "") (text ~ "^\\^" ? " ^" : plain ~ "[*?[]" ? " *" : " _")
    }
    # command: one part between commas, with the arguments of its program left out.
    function command(text,   before, path, rest, after) {
      before = ""
      while (match(text, "(^|[ \t=:!)^\"])/")) {
        at = RSTART + RLENGTH - 1
        before = before substr(text, 1, at - 1); text = substr(text, at)
        match(text, "^(\\\\.|[^ \t\\\\])+"); if (RLENGTH < 1) return before "unknown"
        path = substr(text, 1, RLENGTH); rest = substr(text, RLENGTH + 1)
        if (before ~ "(CWD|CHROOT|APPARMOR_PROFILE|ROLE|TYPE|PRIVS|LIMITPRIVS)=$") { before = before path; text = rest; continue }
        # Behind a colon that is not escaped other hosts follow.
        after = ""
        if (match(rest, "^(\\\\.|[^:\\\\])*") && RLENGTH < length(rest)) { after = substr(rest, RLENGTH + 1); rest = substr(rest, 1, RLENGTH) }
        return before path arguments(path, rest) (after == "" ? "" : " :" command(substr(after, 2)))
      }
      return before text
    }
    function commands(text,   told, size) {
      told = ""
      while (text != "") {
        match(text, "^(\\\\.|[^,\\\\])*"); if (RLENGTH < 1 && text !~ "^,") return told "unknown"
        size = RLENGTH
        told = told command(substr(text, 1, size)); text = substr(text, size + 1)
        if (text ~ "^,") { told = told ","; text = substr(text, 2) }
      }
      return told
    }
    function options(text,   told, before, value) {
      told = ""
      while (match(text, "=[ \t]*(\"(\\\\.|[^\"\\\\])*\"|(\\\\.|[^\",\\\\])(\\\\.|[^,\\\\])*)")) {
        before = substr(text, 1, RSTART - 1); value = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
        told = told before (before ~ "(^|[ \t,!])(logfile|syslog)[ \t]*$" ? value : "=_")
      }
      return told text
    }
    # uncommented: a number sign begins a comment, unless it is escaped or a number follows.
    function uncommented(text,   kept) {
      kept = ""
      while (match(text, "^(\\\\.|[^#\\\\])*#")) {
        if (substr(text, RLENGTH + 1, 1) !~ "[0-9]") return kept substr(text, 1, RLENGTH - 1)
        kept = kept substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1)
      }
      return kept text
    }
    {
      colon = index($0, ":"); source = substr($0, 1, colon); text = substr($0, colon + 1)
      if (source == begun) text = joined text
      begun = ""
      if (text ~ "\\\\$") { begun = source; joined = substr(text, 1, length(text) - 1) " "; next }
      sub("^[ \t]+", "", text); sub("[ \t\r]+$", "", text)
      if (text ~ "^[#@]include(dir)?[ \t]+[^ \t]+$") { print source text; next }
      text = uncommented(text); sub("[ \t]+$", "", text)
      if (text == "") next
      if (text ~ "^Defaults") print source options(text)
      else if (text ~ "^(User|Runas|Host)_Alias[ \t]") print source text
      else if (text ~ "=") print source commands(text)
      else print source "unknown"
    }'
}
root sudo-rules sudo-rules sudo_told
run sudo-sources grep -s '^sudoers' /etc/nsswitch.conf
audit_account() {
  if [ -n "$SSH_CONNECTION" ]; then echo "over ssh"; else echo "over local"; fi
  echo "user $(id -un)"
  for group in $(id -Gn); do echo "group $group"; done
}
run audit-account audit_account
# The options of the keys that open this account, without the keys.
audit_keys() {
  [ -n "$SSH_CONNECTION" ] || return 0
  user=$(id -un)
  cat "$HOME/.ssh/authorized_keys" "$HOME/.ssh/authorized_keys2" "/etc/ssh/authorized_keys/$user" \
    "/etc/ssh/authorized_keys.d/$user" "/etc/ssh/keys/$user" |
    awk '!/^[ \t]*(#|$)/ {
      sub(/AAAA[0-9A-Za-z+\/=]+.*/, "KEY")
      gsub(/environment="[^"]*"/, "environment=\"\"")
      gsub(/command="([^"\\]|\\.)*"/, "command=\"\"")
      print
    }'
}
run audit-keys audit_keys
show audit-expiry chage -l "$(id -un)"
audit_tools() {
  set --
  for program in auditctl auditd augenrules aureport ausearch autrace aide lynis oscap rkhunter chkrootkit; do
    path=$(command -v "$program") && set -- "$@" "$path"
  done
  for path in /etc/aide /etc/aide.conf /etc/audit /var/lib/aide /var/log/aide /var/log/audit \
    /var/log/lynis.log /var/log/lynis-report.dat /var/log/rkhunter.log; do
    [ -e "$path" ] && set -- "$@" "$path"
  done
  [ $# = 0 ] || stat -L -c '%a %u %F:%n' "$@"
}
run audit-tools audit_tools
# Which of these programs a package's checksums or the list of aide name.
audit_sums() {
  cat /var/lib/dpkg/info/audit*.md5sums /var/lib/dpkg/info/aide*.md5sums /var/lib/dpkg/info/lynis*.md5sums \
    /var/lib/dpkg/info/openscap*.md5sums /var/lib/dpkg/info/libopenscap*.md5sums \
    /var/lib/dpkg/info/rkhunter*.md5sums /var/lib/dpkg/info/chkrootkit*.md5sums | awk '$2 ~ /bin\// { print "sum /" $2 }'
  command -v rpm >/dev/null 2>&1 && $T rpm -ql audit aide lynis openscap-scanner rkhunter chkrootkit |
    awk '/bin\// { print "sum " $0 }'
}
run audit-sums audit_sums
