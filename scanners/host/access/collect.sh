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
root sudo-rules sudo-rules
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
