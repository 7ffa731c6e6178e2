"""The area `accounts`."""

from __future__ import annotations

from scanners.host.accounts.facts import FACTS
from scanners.host.accounts.read import READERS
from scanners.host.area import Area

_SHADOW = (
    "{p=$2;l=0;c=substr(p,1,1);"
    'while(c=="!"||c=="*"){l=1;p=substr(p,2);c=substr(p,1,1)}'
    's="set";if(l)s="locked";else if(p=="")s="empty";'
    'm="";if(c=="$"){split(p,a,"$");m="$" substr(a[2],1,8)}else if(c=="_")m="_";'
    'else if(length(p)==13)m="des";else if(length(p)>13)m="other";'
    'if($1!~"^#")print $1 ":" s ":" m ":" $3 ":" $5 ":" $8}'
)
"""Of each line of shadow(5): account, state, the prefix that names the method, day of change, maximum age and
day of expiry. The hash itself is not printed."""

_PLACES = ("/root", "/home", "/var", "/srv", "/opt", "/etc/ssh")

_KEY_LINES = (
    'for f; do P="$PWD/${f#./}"; export P; '
    'dd if="$f" iflag=nofollow,nonblock bs=65536 count=16 2>/dev/null | '
    """awk '/^[^#]/{print ENVIRON["P"] ":" $0}'; done"""
)
"""The lines of each file behind its path. Whoever owns the directory may have put a link in its place
meanwhile, which is not followed, or something that never ends."""

PRIVILEGED = {
    "accounts-shadow": ("awk", "-F:", _SHADOW, "/etc/shadow"),
    "accounts-files": (
        *("find", "-H", *_PLACES, "-xdev", "-maxdepth", "4"),
        # Below the third level only the directories of keys are looked into.
        *("(", "-type", "d", "-path", "/*/*/*/*", "-not", "-name", ".ssh", "-prune", ")"),
        *("-o", "(", "(", "-name", ".?*", "-o", "-path", "*/.ssh/*", "-o", "-path", "/root", ")"),
        *("-printf", "is %m %U %G %y:", "-print", ")", "-false"),
        *("-o", "(", "-type", "f", "(", "-path", "*/.ssh/authorized_keys*", "-o", "-path", "/etc/ssh/*", ")"),
        *("-not", "-path", "/etc/ssh/ssh_*", "-not", "-path", "/etc/ssh/sshd_*", "-not", "-name", "moduli"),
        *("-execdir", "sh", "-c", _KEY_LINES, "sh", "{}", "+", ")"),
    ),
}

ACCOUNTS = Area("accounts", FACTS, READERS, PRIVILEGED)
