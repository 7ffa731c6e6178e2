"""Remedies about accounts, logins and the audit's own account."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lab.hosts.fleet.parts import days_ago
from tests.lab.hosts.roundtrip.adapted.shown import each, field, joined, lines, quoted, without, words
from tests.lab.hosts.roundtrip.model import Adapted

# A person types slower: vipw takes a file for unchanged that is written again within the same second.
_AS_ROOT = "touch -d '1 minute ago' /etc/passwd /etc/shadow; EDITOR='sed -i -E {edit}' vipw"
_WITHOUT_AUDITD = "systemctl disable --now auditd; systemctl reset-failed auditd"
_RENUMBERED = _AS_ROOT.format(edit="s/^toor:x:0:/toor:x:1050:/")
_REMOVED = _AS_ROOT.format(edit="/^toor:/d")
_KEEP: tuple[str, ...] = ()
"""What the example asks is not needed on the host: its line is left out."""

_AUDIT_KEY = field("host.account_keys", "fingerprint", account="tilik-audit")
_UNLISTED = without(lines("host.account_interactive"), "darurat", "pemasok")
_KEY = "SHA256:nRoXM9H+QvhuIFCoEUvF4TMrXVYwlmBPmRDH/uCVt+E"

ACCOUNTS: Mapping[str, Adapted] = {
    "accounts-administrators-approved@host-forgotten": Adapted(
        {
            "gpasswd -d vendor docker": _KEEP,
            "gpasswd -d joko sudo": "gpasswd -d admin sudo\nusermod -g users admin",
            "joko|vendor": "admin",
            "/etc/sudoers.d/vendor": "/etc/sudoers.d/admin",
        }
    ),
    "accounts-administrators-approved@host-shared": Adapted(
        {
            "gpasswd -d joko sudo": "gpasswd -d pemasok sudo\ngpasswd -d pemasok adm",
            "vendor docker": "pemasok docker",
            "rm /etc/sudoers.d/vendor": _KEEP,
        }
    ),
    "accounts-duties-separated": Adapted({"joko": "pemasok"}, breaks="usermod -aG sudo,adm pemasok"),
    "accounts-homes-private": Adapted(
        {"chown": _KEEP, ".bashrc": _KEEP, ".netrc": _KEEP, "/home/joko": "/home/admin"}
    ),
    "accounts-identifiers-unique": Adapted(
        {"usermod": _KEEP, "groupmod": _KEEP, "vipw": _RENUMBERED, "-uid 1001 -o -gid 1001": "-uid 1050"}
    ),
    "accounts-keys-known": Adapted(
        {
            _KEY: _AUDIT_KEY,
            "sed -i": _KEEP,
        }
    ),
    "accounts-leavers-removed": Adapted(
        {
            "/home/joko": "/home/siti",
            "/home/budi": "/home/joko",
            "nologin joko": "nologin siti",
            "-u joko": "-u siti",
            "joko@": "ssh-ed25519",
            "AAAAC3NzaC1lZDI1NTE5AAAAI...": "ssh-ed25519",
        }
    ),
    "accounts-password-age-limited": Adapted(
        {
            "passwd -l budi": _KEEP,
            "-l budi": "-l root",
            "-W 14 budi": each(field("host.password_days", "account"), "-W 14 {}"),
        }
    ),
    "accounts-password-hashed": Adapted(
        {
            "chage -d 0 joko": _KEEP,
            "passwd joko": each(field("host.password_hashes", "account"), "passwd {}"),
            "aplikasi": "daemon",
        }
    ),
    "accounts-passwords-present": Adapted({"passwd lama": _KEEP}),
    "accounts-people-known": Adapted(
        {
            ", administrator: true": "",
            "{name: budi,": each(_UNLISTED, "{name: {},"),
        }
    ),
    "accounts-root-unique": Adapted(
        {"vipw      #": f"{_REMOVED}; {_REMOVED} -s      #"},
        breaks=_AS_ROOT.format(edit="s/^toor:x:1050:/toor:x:0:/"),
    ),
    "accounts-services-locked@host-forgotten": Adapted(
        {"postgres": "backup", "usermod -L aplikasi": "usermod -p '*' daemon"}
    ),
    "accounts-services-locked@host-stored": Adapted({"usermod -L aplikasi": _KEEP}),
    "accounts-shared-absent": Adapted({"ubuntu": ["admin", "tamu"], "passwd -l web": _KEEP}),
    "accounts-suppliers-expire": Adapted({"2027-01-01": days_ago(-31), "2026-12-31": days_ago(-30)}),
    "audit-account-limited": Adapted({"restrict,from": _KEEP}),
    "accounts-unused-locked": Adapted(
        breaks=(
            "ssh-keygen -q -t ed25519 -N '' -f /root/roundtrip-joko\n"
            "install -m 600 -o joko -g joko /root/roundtrip-joko.pub /home/joko/.ssh/authorized_keys"
        )
    ),
    "audit-tools-protected": Adapted(
        {
            "PATH": _KEEP,
            "chmod -R": _KEEP,
            "COPY": words("host.audit_tools_unsummed"),
            # The kernel lets the machine alone audit.
            "--reinstall auditd": f"--reinstall auditd\n{_WITHOUT_AUDITD}",
        }
    ),
    "jobs-scheduled-known": Adapted(
        {
            "ACCOUNT": "root",
            "atq": _KEEP,
            "/etc/cron.d/JOB": "/etc/cron.d/perbarui",
            "/usr/local/sbin/backup.sh, sync.timer": joined(quoted(field("host.jobs_own", "command"))),
        }
    ),
    "sshd-users-limited": Adapted({"usermod -aG ssh-users budi": _KEEP}),
    "sudo-actions-logged@host-forgotten": Adapted({"/etc/sudoers.d/FILE": "/etc/sudoers.d/admin"}),
    "sudo-actions-logged@host-stored": Adapted({" /etc/sudoers.d/FILE": ""}),
    "sudo-password-required": Adapted({"/etc/sudoers.d/deploy": "/etc/sudoers.d/admin"}),
}
