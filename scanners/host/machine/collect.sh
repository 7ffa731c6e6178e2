# machine: kernel, boot, units, hardware and health.
KIND=$(virtual)
sysctl_keys() {
  cd /proc/sys || return 1
  grep -s . net/ipv4/ip_forward net/ipv4/tcp_syncookies net/ipv6/conf/all/forwarding \
    net/ipv4/conf/*/accept_redirects net/ipv4/conf/*/send_redirects net/ipv4/conf/*/accept_source_route \
    net/ipv4/conf/*/rp_filter net/ipv6/conf/*/accept_redirects net/ipv6/conf/*/accept_source_route \
    kernel/randomize_va_space kernel/yama/ptrace_scope kernel/core_pattern fs/suid_dumpable </dev/null
  cd /
}
run machine-sysctl sysctl_keys
core_limits() { cat /etc/security/limits.conf /etc/security/limits.d/*.conf | core_kept; }
core_kept() { awk '{ sub(/#.*/, "") } $3 == "core" && $1 ~ /^[A-Za-z0-9_*@%:.-]+$/ && $2 ~ /^(hard|soft|-)$/ && $4 ~ /^(-?[0-9]+|unlimited|infinity)$/ { print $1, $2, $3, $4 }'; }
run machine-core-limits core_limits
mandatory() {
  grep -s . /sys/module/apparmor/parameters/enabled /sys/fs/selinux/enforce /selinux/enforce /etc/selinux/config
  [ -d /sys/fs/selinux ] && echo /sys/fs/selinux:there
  :
}
run machine-mandatory mandatory
root machine-profiles machine-profiles
copy machine-init /proc/1/comm
copy machine-cmdline /proc/cmdline
# What is enabled is a link below /etc: asking systemd for it would cost more than all the rest.
enabled() {
  if [ -d /etc/init ] && [ -x /sbin/initctl ]; then echo from upstart; return; fi
  if [ ! -d /etc/systemd/system ] && [ ! -d /etc/rc3.d ] && [ ! -d /etc/rc.d/rc3.d ]; then echo from nothing; return; fi
  echo from links
  for path in /etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/*; do
    case $path in *.service|*.socket) [ -L "$path" ] && echo "${path##*/}" ;; esac
  done
  for path in /etc/rc[2345].d/S[0-9][0-9]* /etc/rc.d/rc[2345].d/S[0-9][0-9]*; do
    [ -e "$path" ] || continue
    unit=${path##*/S[0-9][0-9]}.service
    # A unit of this name is what systemd starts in its place.
    for folder in /etc /usr/lib /lib; do [ -L "$folder/systemd/system/$unit" ] || [ -e "$folder/systemd/system/$unit" ] && continue 2; done
    echo "$unit"
  done
}
run machine-enabled enabled
show machine-failed systemctl --no-pager --no-legend --full --plain --state=failed --all list-units
usb() {
  grep -Ehs '^[[:space:]]*(install|blacklist)[[:space:]]+(usb[-_]storage|uas)([[:space:]]|$)' \
    /etc/modprobe.d/*.conf /run/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf | usb_kept
  if grep -qs '^usb_storage ' /proc/modules; then echo usb-storage loaded; fi
  release=$(uname -r)
  if [ ! -r "/lib/modules/$release/modules.dep" ]; then echo modules unknown
  else
    grep -qs usb-storage "/lib/modules/$release/modules.dep" && echo usb-storage available
    grep -qs usb-storage "/lib/modules/$release/modules.builtin" && echo usb-storage builtin
    grep -qs '/uas\.ko' "/lib/modules/$release/modules.dep" && echo uas available
  fi
  :
}
# Of what is started in place of a module, only whether it is a program that does nothing.
usb_kept() {
  awk '{ sub(/#.*/, "") } $1 == "blacklist" { print $1, $2 }
    $1 == "install" { print $1, $2, ((NF == 3 && $3 ~ /^\/(usr\/)?bin\/(false|true)$/) ? $3 : "other") }'
}
run machine-usb usb
notices() { copy_each /etc/issue /etc/issue.net /etc/motd; }
run machine-notices notices
copy machine-memory /proc/meminfo
copy machine-load /proc/loadavg
processors() { grep -c '^processor' /proc/cpuinfo; }
run machine-processors processors
desktops() {
  for name in gdm3 gdm lightdm sddm xdm lxdm slim kdm wdm; do
    for folder in /usr/sbin /usr/bin; do [ -x $folder/$name ] && echo $name; done
  done | sort -u
}
run machine-desktops desktops
locks() { cat /etc/dconf/db/*.d/* | grep -E '^[[:space:]]*(\[|idle-delay|lock-enabled|lock-delay)'; :; }
run machine-locks locks
copy machine-mdstat /proc/mdstat
# What follows looks at hardware, which only a physical machine has.
none() { begin "$1"; end "$1" absent; }
physical() { [ "$KIND" = none ] || [ -z "$KIND" ]; }
if physical; then
  controllers() { for path in /sys/bus/pci/drivers/*/0*; do path=${path%/*}; echo "${path##*/}"; done | sort -u; :; }
  run machine-drivers controllers
  show machine-zpools zpool list -H -o name,health
  if [ -d /sys/block/dm-0 ]; then root machine-mapped machine-mapped; else none machine-mapped; fi
  root machine-storcli machine-storcli
  root machine-perccli machine-perccli
  root machine-ssacli machine-ssacli
  if [ -x /usr/sbin/smartctl ]; then root machine-smart machine-smart; else none machine-smart; fi
  hwmon() { grep -s . /sys/class/hwmon/hwmon*/name /sys/class/hwmon/hwmon*/temp*_* /sys/class/hwmon/hwmon*/fan*_* /sys/class/hwmon/hwmon*/device/name; :; }
  run machine-hwmon hwmon
  if [ -c /dev/ipmi0 ] || [ -c /dev/ipmi/0 ]; then root machine-ipmi machine-ipmi; else none machine-ipmi; fi
  # Both ask their own daemon on this machine.
  show machine-apcupsd apcaccess status
  ups() { $T upsc -l localhost | head -n 4 | while read -r name; do echo "[$name]"; $T upsc "$name"; done; }
  if command -v upsc >/dev/null 2>&1; then run machine-ups ups; root machine-upsmon machine-upsmon
  else none machine-ups; none machine-upsmon; fi
else
  for section in drivers zpools mapped storcli perccli ssacli smart hwmon ipmi apcupsd ups upsmon; do none "machine-$section"; done
fi
