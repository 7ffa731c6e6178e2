# network: listening sockets, firewall, what opens a way in, resolver.
root listening listening
listening_plain() {
  if command -v ss >/dev/null 2>&1; then $T ss -lntu
  elif command -v netstat >/dev/null 2>&1; then $T netstat -lntu
  else
    for table in tcp tcp6 udp udp6; do
      [ -r "/proc/net/$table" ] && awk -v table="$table" 'NR > 1 { print "proc", table, $2, $4 }' "/proc/net/$table"
    done
  fi
}
run listening-plain listening_plain
# Which packet filters the kernel holds, the interfaces, and whether it speaks IPv6. Asking a filter that is
# not loaded would load it.
firewall_kernel() {
  read -r release </proc/sys/kernel/osrelease
  if [ -d /sys/module/nf_tables ] || [ ! -r /proc/modules ] ||
    grep -qs '/nf_tables\.ko' "/lib/modules/$release/modules.builtin"; then echo "filter nft"; fi
  [ -e /proc/net/ip_tables_names ] && echo "filter iptables"
  [ -e /proc/net/ip6_tables_names ] && echo "filter ip6tables"
  for path in /sys/class/net/*; do
    [ -e "$path" ] && echo "interface ${path##*/}"
  done
  # An address of this host on any interface but lo.
  grep -qsv ' lo$' /proc/net/if_inet6 && echo "family 6"
  echo "family 4"
}
run firewall-kernel firewall_kernel
firewall_loaded() { firewall_kernel | grep -q "filter $1"; }
if firewall_loaded nft; then root firewall-nft firewall-nft; fi
if firewall_loaded nft || firewall_loaded iptables; then root firewall-ipv4 firewall-ipv4; fi
if firewall_loaded nft || firewall_loaded ip6tables; then root firewall-ipv6 firewall-ipv6; fi
# Of command lines, only what tells where the Docker daemon listens.
docker_options() {
  $T ps -ww -C dockerd,docker,docker-current,dockerd-current -o args= | awk '{
    for (i = 2; i <= NF; i++) {
      if ($i ~ /^(-H|--host)$/) { print "host " $(i + 1) }
      else if ($i ~ /^(-H|--host=)./) { sub(/^(-H=?|--host=)/, "", $i); print "host " $i }
      else if ($i ~ /^--tls/) { print "option " $i }
    }
  }'
  for path in /etc/docker/daemon.json /var/snap/docker/current/config/daemon.json; do
    if [ -r "$path" ]; then
      tr -d '\n\t' <"$path" | grep -oE '"hosts" *: *\[[^]]*\]|"tls(verify)?" *: *(true|false)' | sed 's/^/json /'
    elif [ -e "$path" ] || is_hidden "$path"; then echo "denied $path"
    fi
  done
}
run docker-options docker_options
# Programs by which a screen or a tunnel is opened: those installed, and those that run.
remote_names='anydesk teamviewer teamviewerd rustdesk xrdp Xvnc Xtigervnc x11vnc vncserver Xvnc-core vino-server
 wayvnc krfb ngrok cloudflared frpc frps chisel bore localtonet localtunnel lt zrok playit pagekite gost rathole
 nps npc sish telebit pktriot loophole remoteit splashtop-streamer SRStreamer nxserver nxd dwagent dwagsvc
 meshagent guacd ToDesk todesk supremo aeroadmin chrome-remote-desktop tmate ultraviewer'
remote_tools() {
  read -r first </proc/1/stat && echo "processes seen"
  for name in $remote_names; do
    for folder in /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /snap/bin /opt/bin; do
      if [ -e "$folder/$name" ]; then echo "program $name"; break; fi
    done
  done
  for path in /opt/teamviewer /opt/anydesk /usr/share/rustdesk /opt/google/chrome-remote-desktop /opt/dwagent; do
    [ -d "$path" ] && echo "program ${path##*/}"
  done
  $T ps -e -o comm= | sort -u | awk -v names="$remote_names" 'BEGIN {
    count = split(names, list); for (i = 1; i <= count; i++) wanted[substr(list[i], 1, 15)] = 1
  } $1 in wanted { print "runs " $1 }'
}
run remote-tools remote_tools
vpn() {
  for path in /sys/class/net/*/uevent; do
    if grep -qs '^DEVTYPE=wireguard' "$path"; then path=${path%/uevent}; echo "wireguard ${path##*/}"; fi
  done
  $T ps -e -o comm= | sort -u | awk '
    /^(openvpn|charon|charon-systemd|pluto|pptpd|xl2tpd|ocserv|ocserv-main|vpnserver|accel-pppd|sstpd)$/ { print "runs " $1 }'
  read -r up _ </proc/uptime && echo "up ${up%%.*}"
}
run vpn vpn
if grep -qs '^DEVTYPE=wireguard' /sys/class/net/*/uevent; then
  root vpn-wireguard vpn-wireguard
  root vpn-networks vpn-networks
fi
# Of each setting its keyword, and of those that choose a way to log in what is chosen.
vpn_openvpn_kept() {
  awk '{ colon = index($0, ":"); path = substr($0, 1, colon); line = substr($0, colon + 1); word[1] = word[2] = ""; split(line, word, " ") }
    colon == 0 { next }
    word[1] == "mode" && word[2] == "server" { print path "mode server" }
    word[1] == "verify-client-cert" && (word[2] == "" || word[2] ~ /^(none|optional|require)$/) { print path word[1] (word[2] == "" ? "" : " " word[2]) }
    word[1] ~ /^(server|server-bridge|duplicate-cn|client-cert-not-required|auth-user-pass-verify|plugin)$/ { print path word[1] }'
}
if [ -d /etc/openvpn ]; then root vpn-openvpn vpn-openvpn vpn_openvpn_kept; fi
# Of a proxy, its address alone: an account and password may stand before it.
resolver() {
  grep -sE '^[[:space:]]*nameserver' /etc/resolv.conf | sed 's/^/stub /'
  grep -sE '^[[:space:]]*nameserver' /run/systemd/resolve/resolv.conf | sed 's/^/resolved /'
  grep -shiE '^[[:space:]]*(export +)?(https?_proxy|Acquire::https?::Proxy|proxy)[[:space:]]*[= ]' /etc/environment \
    /etc/profile.d/*.sh /etc/apt/apt.conf /etc/apt/apt.conf.d/* /etc/yum.conf /etc/dnf/dnf.conf |
    sed -e 's/^[^= ]*\(export  *[^=]*\)\{0,1\}[= "]*//' -e "s/[\";']//g" -e 's/^[a-z]*:\/\///' -e 's/^.*@//' -e 's/\/.*//' -e 's/^/proxy /'
}
run resolver resolver
