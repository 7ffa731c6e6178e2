#!/bin/sh
# {{ _("Access for the audit of the inside of a server") }}
#
# {{ _("Server") }}: {{ guide.server|line }}
# {{ _("Organisation") }}: {{ guide.organization|line }}
# {{ _("Letter of assignment") }}: {{ guide.reference|line }}
# {{ _("Valid until") }}: {{ until }}
#
# {{ _("Read it first, then run it as root on the server. It sets up one account that logs in with one key only.") }}
# {{ _("The audit reads, over one session a night: it writes, installs and changes nothing.") }}
# {{ _("Running it again does no harm. What it set up is taken away by the lines at the end.") }}
set -eu
user={{ guide.user|quoted }}

# 1. {{ _("The account: no password, and it ends with the assignment.") }}
if ! id "$user" >/dev/null 2>&1; then
  useradd --create-home --shell /bin/sh --comment 'Audit' "$user"
fi
usermod --password '*' "$user"
chage --expiredate {{ closed|quoted }} --maxdays -1 "$user"

# 2. {{ _("The key: no terminal, no forwarding, no agent.") }}
{% if not guide.sources %}
# {{ _("It is not bound to the auditor's address; run the command with --from ADDRESS to bind it.") }}
{% endif %}
home=$(getent passwd "$user" | cut -d: -f6)
group=$(id -gn "$user")
install -d -m 700 -o "$user" -g "$group" "$home/.ssh"
printf '%s\n' {{ entry|quoted }} > "$home/.ssh/authorized_keys"
chmod 600 "$home/.ssh/authorized_keys"
chown "$user:$group" "$home/.ssh/authorized_keys"
if command -v restorecon >/dev/null 2>&1; then restorecon -R "$home/.ssh"; fi

{% if guide.commands %}
# 3. {{ _("What it may run as root: this list and nothing else. Without it, what needs root stays unknown.") }}
#    {{ _("Every argument is fixed. A program that is not installed is left out; run the script again after installing one.") }}
shell=/bin/sh
if [ -x /usr/bin/sh ]; then shell=/usr/bin/sh; fi
allow() {
  for folder in /usr/sbin /usr/bin /sbin /bin; do
    if [ -x "$folder/$2" ]; then
      printf '# %s\n%s ALL=(root) NOPASSWD: %s -c %s\n' "$1" "$user" "$shell" "$3"
      return
    fi
  done
}
commands() {
{% for line in guide.sudo_defaults %}
  echo {{ line|quoted }}
{% endfor %}
{% for one in guide.commands %}
  allow {{ one.key }} {{ one.program }} {{ one.argument|quoted }}
{% endfor %}
}
if command -v visudo >/dev/null 2>&1; then
  new=$(mktemp)
  commands > "$new"
  if ! visudo -c -q -f "$new"; then
    # {{ _("An old sudo, which does not know a limit of time.") }}
    commands | grep -v '^Defaults:.* command_timeout=' > "$new"
    visudo -c -q -f "$new"
  fi
  chmod 440 "$new"
  mv "$new" "/etc/sudoers.d/$user"
  if command -v restorecon >/dev/null 2>&1; then restorecon "/etc/sudoers.d/$user"; fi
fi
{% else %}
# 3. {{ _("Nothing as root: what needs root stays unknown. Ask for sudo with 'sudo: true' in the credential.") }}
{% endif %}

# 4. {{ _("If sshd lists who may log in (AllowUsers, AllowGroups), add the account there and reload sshd.") }}
sshd -T 2>/dev/null | grep -E '^(allowusers|allowgroups|denyusers|denygroups) ' || true

# 5. {{ _("Send these lines to the auditor: the inventory pins them under host_keys.") }}
echo {{ _("Host keys of this server, for host_keys in the inventory:")|quoted }}
cut -d' ' -f1,2 /etc/ssh/ssh_host_*_key.pub

# {{ _("To take it away again:") }}
#   rm -f /etc/sudoers.d/{{ guide.user }}
#   userdel --remove {{ guide.user }}
