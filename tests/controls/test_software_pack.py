"""The shipped pack holds together, and a broken one says where."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from auditor.model.document import DocumentError
from controls.loading import PACKS, load_pack
from controls.software_shown import _by_token
from controls.versions import numbers

# fmt: off
WANTED = [
    "nginx", "apache", "openssh", "php", "mysql", "mariadb", "postgresql", "redis", "mongodb",
    "elasticsearch", "couchdb", "memcached", "bind", "unbound", "postfix", "exim", "dovecot", "samba",
    "proftpd", "vsftpd", "tomcat", "iis", "windows-server", "lighttpd", "haproxy", "squid", "openssl",
    "nodejs", "wordpress", "joomla", "drupal", "moodle", "roundcube", "zimbra", "nextcloud", "ojs",
    "debian", "ubuntu", "centos", "rhel", "almalinux", "rocky-linux", "freebsd", "jquery", "bootstrap",
]
# fmt: on

SUPPORT = """\
version: 1
as_of: 2026-03-06
licence: MIT
products:
  - id: nginx
    name: nginx
    as_of: 2026-02-23
    source: endoflife.date/nginx
    branches: {"1.28": null, "1.27": 2025-06-24}
distributions: []
"""
FLAWS = """\
version: 1
as_of: 2026-03-06
flaws:
  - id: CVE-2013-2028
    product: nginx
    affected: [{first: 1.3.9, fixed: 1.4.1}]
    source: CVE-2013-2028
"""


def test_every_wanted_product_is_there() -> None:
    assert set(WANTED) <= set(load_pack().products)


def test_no_day_of_the_pack_is_in_the_future() -> None:
    pack = load_pack()
    days = [product.as_of for product in pack.products.values()]
    assert pack.as_of == max(days) <= datetime.now(UTC).date()


def test_branches_are_unique_and_end_on_days() -> None:
    for product in load_pack().products.values():
        assert len({numbers(branch) for branch in product.branches}) == len(product.branches), product.id
        assert all(
            end is None or date(1999, 1, 1) < end < date(2045, 1, 1) for end in product.branches.values()
        )


def test_every_product_names_its_source() -> None:
    for product in load_pack().products.values():
        source = r"endoflife\.date/[a-z0-9-]+|endoflife\.date, page [a-z-]+|no published support dates"
        assert re.fullmatch(source, product.source), product.id
        assert product.branches or not product.source.startswith("endoflife.date/"), product.id


def test_no_word_stands_for_two_products() -> None:
    pack = load_pack()
    for kind in ("beginnings", "tokens", "cpe"):
        words = [word for product in pack.products.values() for word in getattr(product, kind)]
        assert sorted(words) == sorted(set(words))
        assert all(word == word.lower() for word in words)
    assert all(_by_token(product.id, pack) in (None, product) for product in pack.products.values())


def test_releases_of_distributions_are_branches() -> None:
    pack = load_pack()
    for one in pack.distributions:
        releases = {release for versions in one.packages.values() for release in versions.values()}
        assert releases <= set(pack.products[one.product].branches), one.product


def test_the_licence_of_the_dates_is_named() -> None:
    text = (PACKS / "end-of-life.yaml").read_text(encoding="utf-8")
    assert "endoflife.date contributors, used under the MIT licence" in text


def test_the_file_is_plain_yaml() -> None:
    assert yaml.safe_load((PACKS / "end-of-life.yaml").read_text(encoding="utf-8"))["version"] == 1


def told(folder: Path, support: str = SUPPORT, flaws: str = FLAWS) -> list[str]:
    (folder / "end-of-life.yaml").write_text(support, encoding="utf-8")
    (folder / "known-flaws.yaml").write_text(flaws, encoding="utf-8")
    try:
        load_pack(folder)
    except DocumentError as error:
        return [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    return []


def test_a_small_pack_is_whole(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("written", "instead", "where"),
    [
        ("2025-06-24", "2025-06-31", "end-of-life.yaml:9:38"),
        ("2025-06-24", "soon", "end-of-life.yaml:9:38"),
        ('"1.28": null', '"1.028": null, "1.28": null', "end-of-life.yaml:9:31"),
        ('"1.28": null', '"1.27": null', "end-of-life.yaml:9:30"),
        ('"1.28"', '"stable"', "end-of-life.yaml:9:16"),
        ("as_of: 2026-02-23", "as_of: 2026-03-07", "end-of-life.yaml:7:12"),
        ("    name: nginx\n", "", "end-of-life.yaml:5"),
        (
            "distributions: []",
            "distributions: [{product: debian, marks: [x], packages: {}}]",
            "end-of-life.yaml:10",
        ),
    ],
)
def test_a_broken_support_file_says_where(tmp_path: Path, written: str, instead: str, where: str) -> None:
    assert any(problem.startswith(where) for problem in told(tmp_path, SUPPORT.replace(written, instead)))


@pytest.mark.parametrize(
    ("written", "instead", "where"),
    [
        ("CVE-2013-2028\n    product", "2013-2028\n    product", "known-flaws.yaml:4:9"),
        ("product: nginx", "product: ngnix", "known-flaws.yaml:5:14"),
        ("fixed: 1.4.1", "fixed: 1.3.9", "known-flaws.yaml:6:16"),
        ("fixed: 1.4.1", "fixed: latest", "known-flaws.yaml:6"),
        (
            "flaws:\n",
            "flaws:\n  - {id: CVE-2013-2028, product: nginx, affected: [{}], source: x}\n",
            "known-flaws.yaml:5:9",
        ),
    ],
)
def test_a_broken_flaw_file_says_where(tmp_path: Path, written: str, instead: str, where: str) -> None:
    assert any(problem.startswith(where) for problem in told(tmp_path, flaws=FLAWS.replace(written, instead)))


def test_a_missing_pack_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        load_pack(tmp_path)
