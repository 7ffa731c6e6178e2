"""Read what nginx's configuration files say. Pure.

Source: nginx.org, ngx_http_core_module (location, root, server_tokens), ngx_http_access_module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial

from scanners.host.web.site import Server, Site, matches

_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s]+")
_MOST_DEPTH = 20
_PASSES = ("fastcgi_pass", "uwsgi_pass", "scgi_pass")


@dataclass(slots=True)
class Block:
    """One block: `words` before the brace, directives in order, blocks in order."""

    words: tuple[str, ...]
    parent: Block | None = None
    directives: list[tuple[str, ...]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def own(self, name: str) -> list[tuple[str, ...]]:
        """Return the arguments of each directive of that name that stands in this block itself."""
        return [words[1:] for words in self.directives if words[0] == name]

    def effective(self, name: str) -> tuple[str, ...] | None:
        """Return the arguments of the nearest directive of that name, outwards from here."""
        block: Block | None = self
        while block is not None:
            if found := block.own(name):
                return found[-1]
            block = block.parent
        return None

    def inner(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of a kind directly in this one."""
        return (block for block in self.blocks if block.words[0] == kind)

    def every(self) -> Iterator[Block]:
        """Yield this block and all within."""
        yield self
        for block in self.blocks:
            yield from block.every()


def read_nginx(files: Mapping[str, str]) -> Server:
    """Return what the files say, the first being the main one; raise ValueError for nonsense."""
    main = next(iter(files))
    base = main.rpartition("/")[0]
    tree = Block(("main",))
    _fill(tree, main, files, base, 0)
    servers = [block for http in tree.inner("http") for block in http.inner("server")]
    upstreams = {
        block.words[1]: servers_of[0][0]
        for http in tree.inner("http")
        for block in http.inner("upstream")
        if len(block.words) > 1 and (servers_of := block.own("server"))
    }
    user = tree.effective("user") or ("nobody",)
    return Server(
        "nginx",
        tuple(_site(block, base, upstreams) for block in servers),
        tuple(_tokens(tree, servers)),
        user[0],
        frozenset(words[0] for block in tree.every() for words in block.own("ssl_certificate") if words),
        _firewall(tree),
        sum(_rule_files(block) for block in tree.every()),
    )


def _fill(into: Block, path: str, files: Mapping[str, str], base: str, depth: int) -> None:
    """Put the statements of one file into a block, following its include lines."""
    if depth > _MOST_DEPTH:
        raise ValueError("include lines go in circles")
    opened = [into]
    for line in files[path].splitlines():
        if line == "}":
            if len(opened) == 1:
                raise ValueError(f"{path}: a brace too many")
            opened.pop()
        elif line.endswith(" {"):
            block = Block(_words(line[:-2]), opened[-1])
            opened[-1].blocks.append(block)
            opened.append(block)
            if len(opened) > _MOST_DEPTH:
                raise ValueError(f"{path}: blocks too deep")
        elif words := _words(line.removesuffix(";")):
            if words[0] == "include" and len(words) > 1:
                for included in _included(words[1], files, base):
                    _fill(opened[-1], included, files, base, depth + 1)
            else:
                opened[-1].directives.append(words)
    if len(opened) != 1:
        raise ValueError(f"{path}: a brace too few")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_bare(word) for word in _WORD.findall(text))


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in "\"'" and word[-1] == word[0] else word


def _included(pattern: str, files: Mapping[str, str], base: str) -> list[str]:
    whole = pattern if pattern.startswith("/") else f"{base}/{pattern}"
    parts = whole.count("/")
    return sorted(path for path in files if path.count("/") == parts and fnmatchcase(path, whole))


def _site(block: Block, base: str, upstreams: Mapping[str, str]) -> Site:
    names = tuple(name for words in block.own("server_name") for name in words)
    root = block.effective("root")
    passes = [words[0] for one in block.every() for name in _PASSES for words in one.own(name) if words]
    return Site(
        "nginx",
        names,
        _folder(root[0], base) if root else None,
        frozenset(
            _folder(words[0], base)
            for one in block.every()
            for name in ("root", "alias")
            for words in one.own(name)
            if words
        ),
        frozenset(upstreams.get(name, name) for name in passes),
        partial(_refuses, block),
        partial(_runs, block),
    )


def _folder(path: str, base: str) -> str:
    """Return a folder without what only a request fills in; a relative one lies below nginx's own prefix."""
    fixed = path.partition("$")[0].rpartition("/")[0] if "$" in path else path
    whole = fixed if fixed.startswith("/") else f"{base.removesuffix('/conf')}/{fixed}"
    return whole.rstrip("/") or "/"


def _tokens(tree: Block, servers: list[Block]) -> Iterator[str]:
    for block in servers or [tree]:
        shown = block.effective("server_tokens") or ("on",)
        if shown[0] not in ("off", ""):
            name = next(iter(block.own("server_name")), ("_",))
            yield f"nginx, {name[0] if name else '_'}: server_tokens {shown[0]}"


def _firewall(tree: Block) -> str:
    blocks = list(tree.every())
    if any(words[:1] == ("on",) for block in blocks for words in block.own("app_protect_enable")):
        return "on"
    on = any(words[:1] == ("on",) for block in blocks for words in block.own("modsecurity"))
    if not on:
        return "absent"
    return (
        "on" if any(words[:1] == ("on",) for b in blocks for words in b.own("modsecurity_rules")) else "rules"
    )


def _rule_files(block: Block) -> int:
    return len(block.own("modsecurity_rules_file")) + len(block.own("app_protect_enable"))


def _refuses(server: Block, path: str) -> bool:
    # What the server itself returns, such as a redirection to HTTPS, comes before every location.
    return bool(server.own("return")) or any(_denies(block) for block in (server, *_chosen(server, path)))


def _runs(server: Block, path: str) -> bool:
    """Return whether a path is handed to a program, by the location that serves it."""
    chosen = _chosen(server, path)
    if _refuses(server, path):
        return False
    served = [block for last in chosen[-1:] for block in (last, *last.inner("if"))]
    return any(block.own(name) for block in served for name in _PASSES)


def _denies(block: Block) -> bool:
    closed = any(words[:1] == ("all",) for words in block.own("deny")) and not block.own("allow")
    return closed or any(words[:1] in (("403",), ("404",), ("444",)) for words in block.own("return"))


def _chosen(block: Block, path: str) -> list[Block]:
    """Return the locations that serve a path, the outer ones first, as nginx chooses them."""
    exact, prefixes, patterns = [], [], []
    for location in block.inner("location"):
        kind, pattern = _location(location)
        shown, masked, _ = pattern.partition("masked")
        # What may be a token stays on the host: whether such a place serves a path is not known.
        if masked and (kind in ("~", "~*") or path.startswith(shown)):
            raise ValueError("a location that is not told")
        if kind == "=" and pattern == path:
            exact.append(location)
        elif kind in ("", "^~") and path.startswith(pattern):
            prefixes.append((len(pattern), kind, location))
        elif kind in ("~", "~*"):
            patterns.append((kind, pattern, location))
    if exact:
        return [exact[0]]
    longest = max(prefixes, key=lambda one: one[0], default=None)
    within = _chosen(longest[2], path) if longest else []
    if longest is not None and (longest[1] == "^~" or any(one.words[1][:1] == "~" for one in within)):
        return [longest[2], *within]
    for kind, pattern, location in patterns:
        if matches(pattern, path, ignore_case=kind == "~*"):
            return [location, *_chosen(location, path)]
    return [longest[2], *within] if longest else []


def _location(block: Block) -> tuple[str, str]:
    words = block.words[1:]
    if len(words) >= 2 and words[0] in ("=", "^~", "~", "~*"):
        return words[0], words[1]
    if len(words) == 1:
        return "", words[0]
    raise ValueError(f"location {' '.join(words)[:60]}")
