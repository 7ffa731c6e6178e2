"""The area `packages`."""

from __future__ import annotations

from scanners.host.area import Area
from scanners.host.packages.facts import FACTS
from scanners.host.packages.read import READERS
from scanners.host.packages.software import RPM_CORE

_WEB = ("/var/www", "/srv", "/home", "/opt", "/usr/share/nginx", "/www")
_BOUNDED = (
    *("-xdev", "-maxdepth", "7", "("),
    *("-name", "node_modules", "-o", "-name", ".?*", "-o", "-name", "uploads", "-o"),
    *(
        "-name",
        "cache",
        "-o",
        "-name",
        "storage",
        "-o",
        "-name",
        "Maildir",
        ")",
        "-prune",
        "-o",
        "-type",
        "f",
    ),
)
"""Where applications lie is walked seven folders deep, without what visitors or programs put there."""
_UNNAMED = "*[[:cntrl:];]*"
"""A name with a line end, or with what ends a record of the lists, could be taken for another."""
_COUNTED = ("(", "-path", _UNNAMED, "-exec", "sh", "-c", "echo unnamed", "sh", "{}", "+", "-o")
_LOCKS = (
    *("(", "-name", "composer.lock", "-o", "-name", "package-lock.json", "-o"),
    *("-name", "requirements.txt", ")", *_COUNTED, "-print"),
    *("-size", "-16384k", "-exec", "awk"),
)
_LIBRARIES = (
    'BEGIN { q = sprintf("%c", 34); names = "phpunit/phpunit|facade/ignition|laravel/framework"'
    ' "|phpmailer/phpmailer|livewire/livewire";'
    ' nodes = "next|react-server-dom-webpack|react-server-dom-turbopack|react-server-dom-parcel" }'
    " FNR == 1 { behind = 0 }"
    ' match($0, q "name" q ": " q "(" names ")" q) || match($0, q "node_modules/(" nodes ")" q ":")'
    ' { print FILENAME ": " substr($0, RSTART, RLENGTH); behind = 1; next }'
    # Of the line behind a name only the version is told.
    ' behind && match($0, q "version" q ": " q "v?[0-9][0-9A-Za-z.+_-]*" q) && RLENGTH < 60'
    ' { print FILENAME "- " substr($0, RSTART, RLENGTH) }'
    " { behind = 0 }"
)
_VERSIONS = (
    *("(", "-path", "*/wp-includes/version.php", "-o", "-path", "*/libraries/src/Version.php", "-o"),
    *("-path", "*/core/lib/Drupal.php", "-o", "-path", "*/donjo-app/helpers/opensid_helper.php", "-o"),
    *("-path", "*/dbscripts/xml/version.xml", "-o", "-name", "sysconfig.inc.php", ")"),
    *(*_COUNTED, "-size", "-1024k", "-exec", "awk"),
)
_VERSION_LINES = (
    'match($0, "(^.wp_version = .|const (MAJOR_VERSION|MINOR_VERSION|PATCH_VERSION|VERSION) = .?"'
    ' "|define[(].(VERSION|SENAYAN_VERSION_TAG)., *.|<release>)v?[0-9][0-9A-Za-z.+_-]*(\'|</release>)?")'
    ' && RLENGTH < 100 { print FILENAME ":" substr($0, RSTART, RLENGTH) }'
)
_JARS = ("(", "-name", "log4j-core-2*.jar", "-o", "-name", "spring-beans-*.jar", "-o")
_MARKS = (
    "nulled (by|at|from|version)|nulled[.](cc|org|to|ch)|gpldl[.]com|babiato[.]|weadown[.]|nullphp"
    "|wplocker[.]com|themelock[.]com|wpnull[.]|jojothemes|downloadfreethemes|null24|codelist[.]cc|festingervault"
    "|update_option[(] *.(elementor_pro_license_key|wp_rocket_settings_license|revslider-valid). *, *"
    ".(activated|true)"
)
_CORE = (
    *("-name", "*.php", "(", "-path", "*/wp-includes/*", "-o", "-path", "*/wp-admin/*", "-o"),
    *("-path", "*/libraries/src/*", "-o", "-path", "*/donjo-app/*", ")"),
    *("(", "-path", _UNNAMED, "-printf", "0|unnamed;", "-o", "-printf", "%T@|%p;", ")"),
)

PACKAGES = Area(
    "packages",
    FACTS,
    READERS,
    {
        "rpm-verify": ("rpm", "-V", "--nodeps", "--noscripts", *RPM_CORE),
        "packages-web-versions": (
            *("find", *_WEB, *_BOUNDED, "("),
            *(*_LOCKS, _LIBRARIES, "{}", "+", ")", "-o", *_VERSIONS, _VERSION_LINES, "{}", "+", ")", "-o"),
            *(*_JARS, "-name", "struts2-core-*.jar", ")", *_COUNTED, "-print", ")", ")"),
        ),
        "packages-web-marks": (
            *("find", *_WEB, *_BOUNDED, "("),
            *("-path", "*/wp-content/plugins/*", "-o", "-path", "*/wp-content/themes/*", ")"),
            *("!", "-path", "*/wp-content/*/*/*/*", "-size", "-200k"),
            *(
                "(",
                "-name",
                "*.php",
                "-o",
                "-name",
                "*.txt",
                "-o",
                "-name",
                "*.html",
                "-o",
                "-name",
                "*.url",
                ")",
            ),
            *(*_COUNTED, "-exec", "grep", "-l", "-i", "-E", _MARKS, "{}", "+", ")"),
        ),
        "packages-web-core": ("find", *_WEB, *_BOUNDED, *_CORE),
    },
)
