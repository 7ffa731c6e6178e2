# register: what identifies this host, what its configuration comes to, and who keeps that.
root register-configuration register-configuration
unit_links() {
  for link in /etc/systemd/system/*.wants/* /etc/rc3.d/S*; do [ -L "$link" ] && echo "${link#/etc/}"; done
  return 0
}
run register-units unit_links
managed() {
  for path in /etc/.git /etc/.hg /etc/.bzr; do [ -d "$path" ] && echo "version control $path"; done
  [ -d /etc/.etckeeper ] || [ -f /etc/.etckeeper ] && echo "etckeeper /etc/.etckeeper"
  [ -d /etc/ansible/facts.d ] && echo 'ansible /etc/ansible/facts.d'
  for path in /etc/puppetlabs/puppet/puppet.conf /etc/puppet/puppet.conf /etc/salt/minion /etc/chef/client.rb /var/lib/cfengine3 /var/cfengine/policy_server.dat /etc/rudder-agent; do
    [ -e "$path" ] && echo "agent $path"
  done
  grep -lisE '^[#;].*(ansible managed|managed by (ansible|puppet|salt|chef|terraform)|file is managed by)' \
    /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf /etc/sysctl.conf /etc/sysctl.d/*.conf /etc/motd /etc/issue /etc/issue.net /etc/chrony.conf \
    /etc/chrony/chrony.conf /etc/ntp.conf /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/apache2/apache2.conf /etc/httpd/conf/httpd.conf \
    /etc/cron.d/* /etc/resolv.conf /etc/hosts /etc/nftables.conf 2>/dev/null | sed 's/^/mark /'
  return 0
}
run register-keepers managed
copies register-identity /etc/machine-info /etc/asset-tag /etc/asset_tag /etc/classification
hardware() {
  for name in sys_vendor product_name bios_date bios_version chassis_asset_tag; do
    path=/sys/class/dmi/id/$name
    [ -r "$path" ] && read -r value <"$path" && echo "$name: $value"
  done
  return 0
}
run register-hardware hardware
root register-serial register-serial
