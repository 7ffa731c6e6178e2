# web: configuration of web servers, PHP and containers; what lies below document roots. No values, no contents.

# web_follow DIRECTORY WORDS FILE: the files of a configuration, include lines followed six levels deep,
# one path per line; "denied PATH" for what may not be read.
web_follow() {
  (
    cd "$1" || exit 1
    level=$3 all=$NL IFS=$NL
    for depth in 1 2 3 4 5 6; do
      next=
      for file in $level; do
        case $file in /*) ;; *) file=$1/$file ;; esac
        case $all in *"$NL$file$NL"*) continue ;; esac
        if [ -f "$file" ] && [ -r "$file" ]; then all=$all$file$NL next=$next$file$NL
        elif [ -d "$file" ] && [ -r "$file" ]; then for inner in "$file"/*; do [ -f "$inner" ] && all=$all$inner$NL next=$next$inner$NL; done
        elif [ -e "$file" ] || is_hidden "$file" || { [ -d "${file%/*}" ] && [ ! -r "${file%/*}" ]; }; then all=${all}denied\ $file$NL
        fi
      done
      [ -n "$next" ] || break
      level=$(awk -v words="$2" '
        { n = split($0, part, "[{};]"); if (words != "include") { n = 1; part[1] = $0 }
          for (i = 1; i <= n; i++) { s = part[i]; sub("^[ \t]+", "", s); split(s, w, "[ \t]+"); if (tolower(w[1]) !~ "^(" words ")$") continue
            sub("^[^ \t]+[ \t]+", "", s); sub("[ \t\r]+$", "", s); gsub("\"", "", s); gsub("[$][{]?APACHE_CONFDIR[}]?", "/etc/apache2", s); print s } }' $next)
    done
    printf '%s' "$all"
  )
}

# web_configuration DIRECTORY WORDS FILE FILTER: statements of a configuration that tell nothing secret.
web_configuration() {
  files=$(web_follow "$1" "$2" "$3")
  printf '%s\n' "$files" | sed -n 's/^denied \(.*\)/==> \1 <== denied/p'
  IFS=$NL
  set -- "$4" $(printf '%s\n' "$files" | grep -v -e '^denied ' -e '^$')
  unset IFS
  filter=$1; shift
  [ $# -gt 0 ] && "$filter" "$@"
}

web_nginx_statements() {
  awk '
    BEGIN {
      n = split("user server_tokens root alias server_name listen include deny allow return fastcgi_pass uwsgi_pass scgi_pass internal autoindex modsecurity modsecurity_rules_file app_protect_enable ssl_certificate upstream server", w, " ")
      for (i = 1; i <= n; i++) told[w[i]] = 1
    }
    # hidden: long words with a number or a capital in them, outside of sets of characters, may be a token.
    function hidden(text,   told, word) {
      told = ""
      while (match(text, "[[][^]]*[]]|[A-Za-z0-9_]+")) {
        word = substr(text, RSTART, RLENGTH)
        if (word !~ "^[[]" && length(word) >= 6 && word ~ "[A-Z0-9]" && word != "phpMyAdmin") word = "masked"
        told = told substr(text, 1, RSTART - 1) word; text = substr(text, RSTART + RLENGTH)
      }
      return told text
    }
    function said(end,   w, n) {
      gsub("[ \t\r]+", " ", s); sub("^ ", "", s); sub(" $", "", s)
      n = split(s, w, " ")
      if (end == "}") print "}"
      else if (end == "{") print w[1] == "location" ? hidden(s) " {" : (w[1] == "server" || w[1] == "http" || w[1] == "upstream") ? s " {" : w[1] " {"
      else if (w[1] == "return") print "return " (w[2] ~ "^[0-9]+$" ? w[2] : "302") ";"
      else if (w[1] == "modsecurity_rules") print "modsecurity_rules " ((tolower(s) ~ "secruleengine +on") ? "on;" : "other;")
      else if (w[1] == "server") print "server " w[2] ";"
      else if (w[1] ~ "_pass$" && w[1] in told) print w[1] " " ((w[2] ~ "[@?]") ? "masked" : w[2]) ";"
      else if (w[1] in told) print s ";"
      s = ""
    }
    FNR == 1 { s = ""; quote = ""; print "==> " FILENAME " <== read" }
    {
      line = $0
      while (length(line)) {
        if (quote != "") {
          i = match(line, quote == "\"" ? "[\"\\\\]" : "[\047\\\\]")
          if (!i) { s = s line " "; break }
          if (substr(line, i, 1) == "\\") { s = s substr(line, 1, i + 1); line = substr(line, i + 2); continue }
          s = s substr(line, 1, i); line = substr(line, i + 1); quote = ""; continue
        }
        i = match(line, "[;{}#\"\047\\\\$]")
        if (!i) { s = s line " "; break }
        s = s substr(line, 1, i - 1); c = substr(line, i, 1); line = substr(line, i + 1)
        start = s == "" || s ~ "[ \t]$"
        if (c == ";" || c == "}" || c == "{") said(c)
        else if (c == "#" && start) break
        else if ((c == "\"" || c == "\047") && start) { quote = c; s = s c }
        else if (c == "\\") { s = s c substr(line, 1, 1); line = substr(line, 2) }
        else if (c == "$" && substr(line, 1, 1) == "{") { i = index(line, "}"); if (!i) i = length(line); s = s c substr(line, 1, i); line = substr(line, i + 1) }
        else s = s c
      }
      if (length(line) == 0) s = s " "
      else if (quote == "" && s != "" && s !~ " $") s = s " "
    }' "$@"
}

web_apache_statements() {
  awk '
    BEGIN {
      n = split("servertokens serverroot user group include includeoptional documentroot servername serveralias loadmodule define php_flag php_value php_admin_flag php_admin_value sethandler addhandler addtype removehandler removetype forcetype allowoverride allowoverridelist require deny allow order redirectmatch secruleengine redirect assignuserid suexecusergroup use mdomain sslcertificatefile alias", w, " ")
      for (i = 1; i <= n; i++) told[w[i]] = 1
    }
    # hidden: long words with a number or a capital in them, outside of sets of characters, may be a token.
    function hidden(text,   told, word) {
      told = ""
      while (match(text, "[[][^]]*[]]|[A-Za-z0-9_]+")) {
        word = substr(text, RSTART, RLENGTH)
        if (word !~ "^[[]" && length(word) >= 6 && word ~ "[A-Z0-9]" && word != "phpMyAdmin") word = "masked"
        told = told substr(text, 1, RSTART - 1) word; text = substr(text, RSTART + RLENGTH)
      }
      return told text
    }
    FNR == 1 { s = ""; print "==> " FILENAME " <== read" }
    {
      sub("\r$", ""); s = s $0
      if (s ~ "\\\\$") { s = substr(s, 1, length(s) - 1); next }
      gsub("[ \t]+", " ", s); sub("^ ", "", s); sub(" $", "", s)
      split(s, w, " "); name = tolower(w[1])
      if (name ~ "^</") print name
      else if (name ~ "^<(if|elseif|else)>?$") print "<" substr(name, 2, 2) " >"
      else if (name ~ "^<location") print name " " hidden(substr(s, length(name) + 2))
      else if (name ~ "^<require") print substr(name, 1, index(name " ", " ") - 1) (name ~ ">$" ? "" : " >")
      else if (name ~ "^<(macro|proxy|limit)") print name (name ~ ">$" ? "" : " >")
      else if (name ~ "^<") print s
      # Of these, what they say is not asked, but for the few words that are.
      else if (name ~ "^(require|allow|deny)$") print name " " ((tolower(s) ~ "^[a-z]+ (all (denied|granted)|from all)$") ? substr(s, length(name) + 2) : "other")
      else if (name == "use") print "use"
      else if (name == "redirect") print "redirect" ((s ~ "(^| )/( |$)") ? " /" : "")
      else if (name == "redirectmatch") print name ((s ~ "^[^ ]+ 4[01][0-9] [^ ]+$") ? " " w[2] " " hidden(w[3]) : "")
      else if (name == "alias") { sub("^[^ ]+ (\"[^\"]*\"|[^ ]+) ", "", s); print "alias / " s }
      else if (name == "define") { if (s ~ "^[^ ]+ [^ ]+ \"?/") print s }
      else if (name == "secrule" || name == "secaction") rules[FILENAME]++
      else if (name ~ "^php_" && tolower(w[2]) !~ "^(engine|expose_php|display_errors|allow_url_include|session.cookie_(httponly|secure))$") s = ""
      else if (name == "rewriterule" && w[3] ~ "^https://" && w[2] ~ "^[\\^]?[/(]?[?]?[(]?([.][*])?[)]?[$]?$") print "redirect / https"
      else if (name == "rewriterule") { if (s ~ "\\[([^]]*,)?(F|R=40[34])(,[^]]*)?\\]$") print name " " hidden(w[2]) " - [F]" }
      else if (name ~ "^proxypass") print name
      else if (name in told) print s
      s = ""
    }
    END { for (file in rules) print "secrules " rules[file] " " file }' "$@"
}

# web_main SECTION WORDS FILTER FILE…: the first main file that is there, with all that it includes.
web_main() {
  name=$1 words=$2 filter=$3; shift 3
  for main in "$@"; do
    [ -e "$main" ] || is_hidden "$main" || continue
    base=${main%/*}
    case $main in */httpd.conf) base=${base%/*} ;; esac
    run "$name" web_configuration "$base" "$words" "$main" "$filter"
    return
  done
  begin "$name"; end "$name" absent
}
LIMIT=1048576
web_main web-nginx include web_nginx_statements /etc/nginx/nginx.conf /usr/local/nginx/conf/nginx.conf /opt/nginx/conf/nginx.conf /www/server/nginx/conf/nginx.conf
web_main web-apache 'include|includeoptional' web_apache_statements /etc/apache2/apache2.conf /etc/httpd/conf/httpd.conf /usr/local/apache2/conf/httpd.conf /www/server/apache/conf/httpd.conf /opt/lampp/etc/httpd.conf
LIMIT=262144
# Web servers by their files and processes; a server whose configuration is not read is told by its name alone.
web_programs() {
  for pair in nginx=/usr/sbin/nginx nginx=/usr/local/nginx/sbin/nginx nginx=/www/server/nginx/sbin/nginx apache=/usr/sbin/apache2 apache=/usr/sbin/httpd apache=/usr/local/apache2/bin/httpd apache=/www/server/apache/bin/httpd apache=/opt/lampp/bin/httpd lighttpd=/usr/sbin/lighttpd caddy=/usr/bin/caddy caddy=/usr/local/bin/caddy litespeed=/usr/local/lsws/bin/litespeed litespeed=/usr/local/lsws/bin/openlitespeed; do
    [ -x "${pair#*=}" ] && echo "program ${pair%%=*}"
  done
  ps -e -o user= -o comm= 2>/dev/null | awk '
    $2 ~ "^(systemd|init|sh|bash|sshd)$" && $1 == "root" { seen = 1 }
    $2 ~ "^(nginx|apache2|httpd|lighttpd|caddy|litespeed|openlitespeed|conmon|dockerd|kubelet|k3s-server)$" { if (!(($1, $2) in told)) { told[$1, $2] = 1; print "process", $2, $1 } }
    END { if (seen) print "processes" }'
  [ -e /etc/apache2/envvars ] && sed -n 's/^export APACHE_RUN_\(USER\|GROUP\)=\([A-Za-z0-9_.-]*\).*/apache-run \1 \2/p' /etc/apache2/envvars
  ls -d /etc/httpd/modules/libphp*.so /usr/lib64/httpd/modules/libphp*.so /usr/sbin/php-fpm* 2>/dev/null | sed 's/^/php /'
  for engine in docker podman k3s kubelet nerdctl; do command -v "$engine" >/dev/null 2>&1 && echo "engine $engine"; done
  for file in /etc/nginx/modsec*/*.conf /etc/nginx/modsecurity*.conf /etc/modsecurity/*.conf; do
    [ -r "$file" ] && awk 'tolower($1) == "secruleengine" { e = tolower($2) } tolower($1) == "secrule" { n++ } END { if (e != "" || n) print "modsecurity " (e == "" ? "-" : e) " " n + 0 }' "$file"
  done
  true
}
run web-programs web_programs
show web-users awk -F: '{ print (FILENAME ~ "group" ? "group" : "user") ":" $1 ":" $3 ":" $4 }' /etc/passwd /etc/group
show web-mounts awk '{ print $2 }' /proc/self/mounts

web_php_lines() {
  for file in "$@"; do
    if [ -f "$file" ] && [ ! -r "$file" ]; then printf '==> %s <== denied\n' "$file"; fi
  done
  set -- $(for file in "$@"; do [ -f "$file" ] && [ -r "$file" ] && printf '%s\n' "$file"; done)
  [ $# -gt 0 ] && awk '
    FNR == 1 { print "==> " FILENAME " <== read" }
    tolower($0) ~ "^[ \t]*(php_(admin_)?(flag|value)\\[)?(expose_php|display_errors|allow_url_include|session[.]cookie_httponly|session[.]cookie_secure)\\]?[ \t]*=" || /^[ \t]*\[/ || /^[ \t]*(user|group|listen|include)[ \t]*=/' "$@"
}
run web-php web_php_lines /etc/php.ini /etc/php.d/*.ini /etc/php/*/fpm/php.ini /etc/php/*/fpm/conf.d/*.ini /etc/php/*/apache2/php.ini /etc/php/*/apache2/conf.d/*.ini /etc/php/*/cgi/php.ini /etc/php/*/cgi/conf.d/*.ini /etc/php5/fpm/php.ini /etc/php5/fpm/conf.d/*.ini /etc/php5/apache2/php.ini /etc/php5/apache2/conf.d/*.ini /etc/opt/remi/php*/php.ini /etc/opt/remi/php*/php.d/*.ini /www/server/php/*/etc/php.ini
run web-pools web_php_lines /etc/php-fpm.d/*.conf /etc/php/*/fpm/pool.d/*.conf /etc/php5/fpm/pool.d/*.conf /etc/opt/remi/php*/php-fpm.d/*.conf /www/server/php/*/etc/php-fpm.conf

# Renewal of certificates: units of the makers' own names and what came of their last run.
web_renewal() {
  ls -d /etc/letsencrypt/renewal /root/.acme.sh /home/*/.acme.sh 2>/dev/null | sed 's/^/store /'
  if [ -e /etc/cron.d/certbot ] && [ ! -d /run/systemd/system ]; then echo 'cron /etc/cron.d/certbot'; fi
  [ -d /run/systemd/system ] || { echo 'no systemd'; return 0; }
  $T systemctl show -p Id -p LoadState -p ActiveState -p Result -p ExecMainStatus -p ExecMainExitTimestamp certbot.timer certbot.service certbot-renew.timer certbot-renew.service snap.certbot.renew.timer snap.certbot.renew.service acme.timer acme.service acme_letsencrypt.timer acme_letsencrypt.service lego.timer lego.service dehydrated.timer dehydrated.service
}
run web-renewal web_renewal

# Of the walk: directories and code are counted by what they share, the rest is told one by one.
web_walk_told() {
  awk '
    function top(folder,   p, n, i, t) { n = split(folder, p, "/"); t = ""; for (i = 2; i <= n && i <= 5; i++) t = t "/" p[i]; return t }
    { all++; tag = $1; path = $0 }
    tag == "link" || tag !~ "^(dir|code|secret|backup|repo|base)$" { print; next }
    { sub("^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ >", "", path); folder = path; low = tolower(path) }
    tag == "dir" {
      if ($2 ~ "[0246]$" && !(closed != "" && index(path, closed "/") == 1)) { closed = path; print "closed " $2 " " $3 " " $4 " 0 >" path }
      if (low ~ "/(uploads?|userfiles|user_files|attachments?|unggahan?|berkas|lampiran|gambar|foto)$" && ups++ < 400) print "upload " $2 " " $3 " " $4 " 0 >" path
    }
    tag != "dir" { sub("/[^/]*$", "", folder) }
    tag == "code" && low ~ "/(uploads?|userfiles|user_files|attachments?|unggahan?|lampiran|gambar|foto)/" && !(low ~ "/index[.]php$" && $5 < 300) && coded++ < 200 { print "misplaced " $2 " " $3 " " $4 " " $5 " >" path }
    tag == "dir" || tag == "code" || low ~ "[.]php$" {
      data = (tolower(folder) "/") ~ "/(uploads?|userfiles|user_files|attachments?|unggahan?|berkas|lampiran|gambar|foto|images?|img|media|files?|cache|caches|storage|tmp|temp|logs?|sessions?|writable|runtime|dokumen|documents?|download|downloads|backup|backups)/"
      key = (tag == "dir" ? "dirs" : "codes") " " $2 " " $3 " " $4
      if (!data) { name = key " " top(folder); count[name]++; if (!(name in example)) example[name] = path }
    }
    tag != "dir" && tag != "code" { print }
    END { for (name in count) print name " " count[name] " =>" example[name]; print "total " all + 0 }'
}
# Of documents: how many hold numbers of people, by folder.
web_personal_told() {
  awk '
    $1 == "numbers" {
      line = substr($0, 9); n = line; sub("^.*:", "", n); sub(":[0-9]*$", "", line); sub("/[^/]*$", "", line)
      if (n + 0 > 0) { files[line]++; numbers[line] += n }
      looked++
    }
    $1 == "unnamed" { unnamed = 1 }
    $1 == "missing" { missing++ }
    $1 == "unlooked" { path = $0; sub("^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ >", "", path); sub("/[^/]*$", "", path); unlooked[path]++ }
    END {
      for (folder in files) print "folder " files[folder] " " numbers[folder] " " folder
      for (folder in unlooked) print "unlooked " unlooked[folder] " 0 " folder
      if (unnamed) print "unnamed"
      print "missing " missing + 0; print "total " looked + 0
    }'
}
LIMIT=2097152
root web-walk web-walk web_walk_told
LIMIT=262144
root web-contents web-contents
if consents web-personal-data-absent; then root web-personal web-personal web_personal_told; fi

# Asking docker would start it: it is asked only where it runs. Of podman its files are read.
if [ -e /run/docker.pid ] || [ -e /var/run/docker.pid ] || [ -e /var/snap/docker/current/run/docker.pid ]; then root web-docker web-docker
else begin web-docker; end web-docker absent
fi
if [ -d /var/lib/containers/storage ] || is_hidden /var/lib/containers/storage; then root web-podman web-podman
else begin web-podman; end web-podman absent
fi
