# Read-only collection. Prints marked sections; writes nothing, installs nothing, changes nothing.
# Before this text stand: M='@@<nonce>' SUDO=0|1 CONSENT=' ids of checks ' SECONDS_EACH=seconds
LC_ALL=C LANG=C TZ=UTC PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL LANG TZ PATH
unset ENV BASH_ENV CDPATH HISTFILE SYSTEMD_PAGER PAGER LESS 2>/dev/null
SYSTEMD_PAGER='' SYSTEMD_COLORS=0 PAGER=cat
export SYSTEMD_PAGER SYSTEMD_COLORS PAGER
umask 077
cd / || exit 1
renice -n 19 -p $$ >/dev/null 2>&1
ionice -c 3 -p $$ >/dev/null 2>&1
exec 4>&1
NL='
'
LIMIT=262144
if command -v timeout >/dev/null 2>&1; then T="timeout $SECONDS_EACH"; else T=''; fi
[ "$(id -u)" = 0 ] && ROOT=1 || ROOT=0
command -v sudo >/dev/null 2>&1 || SUDO=0

begin() { printf '\n%s begin %s\n' "$M" "$1"; }
end() { printf '\n%s end %s %s %s %s\n' "$M" "$1" "$2" "${3:-0}" "$LIMIT"; }

# run NAME COMMAND…: the output of a command or function of this script, as one section.
# A function bounds its own slow commands with $T.
run() {
  name=$1; shift
  begin "$name"
  code=$( { { "$@" </dev/null 2>/dev/null; echo $? >&3; } | head -c "$LIMIT" >&4; } 3>&1 )
  end "$name" ran "$code"
}

# show NAME PROGRAM…: what a program prints, bounded in time; absent when it is not there.
show() {
  case $(command -v "$2" 2>/dev/null) in
    '') begin "$1"; end "$1" absent ;;
    /*) name=$1; shift; run "$name" $T "$@" ;;
    *) run "$@" ;;
  esac
}

# is_hidden PATH: whether a path may be there, in a directory that this account cannot look into.
is_hidden() {
  above=$1
  while :; do
    above=${above%/*}
    [ -n "$above" ] || above=/
    if [ -d "$above" ]; then [ -x "$above" ] && return 1; return 0; fi
    [ "$above" = / ] && return 1
  done
}

# copy NAME PATH: a file; absent when it is not there, denied when it may not be read.
copy() {
  if [ -f "$2" ] && [ -r "$2" ]; then run "$1" cat "$2"
  elif [ -e "$2" ] || is_hidden "$2"; then begin "$1"; end "$1" denied
  else begin "$1"; end "$1" absent
  fi
}

# copies NAME PATH…: files that are there, each behind a line "==> PATH <== read", or "… <== denied".
copies() { name=$1; shift; run "$name" copy_each "$@"; }
copy_each() {
  for path in "$@"; do
    if [ -f "$path" ] && [ -r "$path" ]; then printf '==> %s <== read\n' "$path"; cat "$path"; echo
    elif [ -f "$path" ]; then printf '==> %s <== denied\n' "$path"
    fi
  done
}

# refused TEXT: whether sudo did not let a command run; what it only warns of is no refusal.
refused() {
  case $1 in
    *'password is required'*|*'not allowed'*|*'may not run'*|*'not in the sudoers'*|*'must have a tty'*|\
    *'terminal is required'*|*'no tty present'*|*'account validation failure'*) return 0 ;;
    *) return 1 ;;
  esac
}

# root NAME KEY [FILTER]: a command of the published list, as root; denied when sudo does not allow it.
# FILTER is a function of this script: of what root may read, only what it prints leaves the host.
root() {
  begin "$1"
  if [ "$ROOT" = 0 ] && [ "$SUDO" = 0 ]; then end "$1" denied; return; fi
  said=$( { { as_root "$2" </dev/null 2>&3; echo " code=$?" >&3; } | ${3:+bounded} ${3:-head -c $LIMIT} >&4; } 3>&1 | tail -c 400 )
  code=${said##* code=}
  if refused "$said"; then end "$1" denied "$code"; return; fi
  case $code in
    126|127) end "$1" absent "$code" ;;
    *) end "$1" ran "$code" ;;
  esac
}

bounded() { "$1" 2>/dev/null | head -c "$LIMIT"; }

# consents ID: whether the written assignment names a check that looks into contents.
consents() { case $CONSENT in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
