"""Pages with the faults that an audit of a site should find, beside those of `pages`."""

from __future__ import annotations

import json

from tests.lab.pages import GAMBLING, Pages, login_form, page

WORDPRESS: Pages = {
    "index.html": page(
        "Badan Kepegawaian",
        '<nav><a href="/pegawai.html">Daftar pegawai</a> <a href="/kontak.html">Kontak</a></nav>'
        '<script src="/wp-includes/js/jquery/jquery.min.js?ver=1.12.4"></script>'
        '<script src="/wp-content/plugins/contact-form-7/includes/js/index.js?ver=5.3.1"></script>',
        '<meta name="generator" content="WordPress 6.1">'
        '<link rel="stylesheet" href="/wp-includes/css/dist/block-library/style.min.css?ver=6.1">',
    ),
    "wp-login.php": page("Masuk", login_form("/wp-login.php")),
    "pegawai.html": page(
        "Daftar pegawai",
        "<table><tr><th>NIK</th><th>Nama</th></tr>"
        + "".join(
            f"<tr><td>33797045{month:02d}85{number:04d}</td><td>Contoh {number}</td></tr>"
            for number, month in ((1, 7), (2, 3), (3, 11), (4, 9))
        )
        + "</table>",
    ),
    "kontak.html": page(
        "Kontak",
        '<form method="post" action="/kirim"><label>Nama lengkap <input name="nama"></label>'
        '<label>NIK <input name="nik"></label><label>Surel <input type="email" name="email"></label>'
        "<button>Kirim</button></form><p>Surel: bkpsdm.contoh@gmail.com</p>",
    ),
}
"""An old WordPress with a list of made-up identity numbers: 3379 is no regency."""

JOURNAL: Pages = {
    "index.html": page(
        "Jurnal perhubungan",
        '<script src="/lib/pkp/js/lib/jquery/jquery.min.js?v=2.4.8.1"></script>',
        '<meta name="generator" content="Open Journal Systems 2.4.8.1">',
    ),
    "judi.html": page("Jurnal perhubungan", GAMBLING),
}
"""An abandoned journal; `judi.html` is what search engines are shown in place of its front page."""
CLOAKING = 'if ($http_user_agent ~* "googlebot|bingbot") { rewrite ^/$ /judi.html last; }'

VILLAGE: Pages = {
    "index.html": page(
        "Desa Contoh",
        "<footer>OpenSID v22.05</footer>",
        '<link rel="stylesheet" href="/desa/themes/esensi/style.css">',
    )
}

INTERFACE: Pages = {
    "index.html": page(
        "Data jalan", '<script src="https://cdn.contoh.invalid/peta.js"></script><p>Peta jalan daerah.</p>'
    ),
    "swagger.json": json.dumps({"swagger": "2.0", "info": {"title": "Jalan", "version": "1"}, "paths": {}}),
    "openapi.json": json.dumps({"openapi": "3.0.1", "info": {"title": "Jalan", "version": "1"}, "paths": {}}),
}
GRAPHQL = (
    "location = /graphql { default_type application/json; "
    """return 200 '{"data": {"__schema": {"queryType": {"name": "Query"}}}}'; }"""
)
