"""Read what Apache's configuration files say. Pure.

Source: httpd.apache.org, documentation 2.4: core, mod_authz_core, mod_alias; defaults as compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial

from scanners.host.web.site import Server, Site, below, matches

_MOST_DEPTH = 20
_BUILT_IN = frozenset({"core", "so", "http_core", "unixd_module", "log_config_module", "watchdog_module"})
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass(slots=True)
class Section:
    """One section, such as `<Directory /var/www>`, with what stands in it, in order."""

    kind: str
    argument: str = ""
    directives: list[tuple[str, ...]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def own(self, name: str) -> list[tuple[str, ...]]:
        """Return the arguments of each directive of that name (small letters) in this section itself."""
        return [words[1:] for words in self.directives if words[0] == name]

    def every(self) -> Iterator[Section]:
        """Yield this section and all within."""
        yield self
        for section in self.sections:
            yield from section.every()


@dataclass(slots=True)
class _Reading:
    files: Mapping[str, str]
    base: str
    defined: dict[str, str]
    modules: set[str]
    depth: int = 0
    rules: int = 0


def read_apache(files: Mapping[str, str], run_as: Mapping[str, str]) -> Server:
    """Return what the files say, the first being the main one; raise ValueError for what is not understood.

    `run_as` are the variables of Debian's envvars, such as USER.
    """
    main = next(iter(files))
    base = main.rpartition("/")[0]
    reading = _Reading(
        files, base.removesuffix("/conf"), {f"APACHE_RUN_{k}": v for k, v in run_as.items()}, set()
    )
    reading.defined["APACHE_CONFDIR"] = base
    tree = Section("main")
    # Modules decide which sections count, and a module may be loaded behind the section that asks for it.
    for _ in range(2):
        tree = Section("main")
        reading.rules = 0
        _fill(tree, main, reading)
    hosts = [section for section in tree.sections if section.kind == "virtualhost"]
    user = (tree.own("user") or [("daemon",)])[-1]
    return Server(
        "apache",
        tuple(_site(tree, host, reading.modules, user[0]) for host in hosts or [tree]),
        tuple(_tokens(tree)),
        user[0],
        frozenset(
            words[0] for section in tree.every() for words in section.own("sslcertificatefile") if words
        ),
        _firewall(tree, reading.modules),
        reading.rules,
        any(section.own("mdomain") for section in tree.every()),
    )


def _fill(into: Section, path: str, reading: _Reading) -> None:
    if reading.depth > _MOST_DEPTH:
        raise ValueError("include lines go in circles")
    reading.depth += 1
    opened: list[tuple[Section, bool, str]] = [(into, True, "")]
    for line in reading.files[path].splitlines():
        section, counts, _ = opened[-1]
        if line.startswith("</"):
            if len(opened) == 1:
                raise ValueError(f"{path}: {line[:40]} closes nothing")
            opened.pop()
        elif line.startswith("<"):
            opened.append(_opened(line, section, counts, reading))
            if len(opened) > _MOST_DEPTH:
                raise ValueError(f"{path}: sections too deep")
        elif counts:
            _take(line, section, reading)
    if len(opened) != 1:
        raise ValueError(f"{path}: <{opened[-1][2]}> is not closed")
    reading.depth -= 1


def _opened(line: str, section: Section, counts: bool, reading: _Reading) -> tuple[Section, bool, str]:
    found = re.match(r"<(\w+)\s*(.*?)\s*>?$", line)
    if found is None:
        raise ValueError(line[:60])
    kind, argument = found[1].lower(), _value(found[2], reading).strip("\"'")
    if kind in ("ifmodule", "ifdefine", "ifversion", "iffile"):
        return section, counts and _holds(kind, argument, reading), kind
    inner = Section(kind, argument)
    if counts:
        section.sections.append(inner)
    return inner, counts, kind


def _holds(kind: str, argument: str, reading: _Reading) -> bool:
    negated, name = argument.startswith("!"), argument.lstrip("!")
    if kind == "ifmodule":
        return _loaded(name, reading.modules) != negated
    if kind == "ifdefine":
        return (name in reading.defined) != negated
    # Version 2.4 is what every supported release has; a file that is asked for is taken to be there.
    return not re.match(r"<|=?\s*2\.[0-2]\b", argument)


def _loaded(name: str, modules: set[str]) -> bool:
    if name in _BUILT_IN or name in modules:
        return True
    short = re.fullmatch(r"(?:mod_)?(\w+)\.c", name)
    return short is not None and (f"{short[1]}_module" in modules or f"mpm_{short[1]}_module" in modules)


def _take(line: str, section: Section, reading: _Reading) -> None:
    words = tuple(_value(quoted or bare, reading) for quoted, bare in _WORD.findall(line))
    if not words:
        return
    name = words[0].lower()
    if name in ("include", "includeoptional") and len(words) > 1:
        for included in _included(words[1], reading):
            _fill(section, included, reading)
    elif name == "define" and len(words) > 1:
        reading.defined[words[1]] = words[2] if len(words) > 2 else ""
    elif name == "loadmodule" and len(words) > 1:
        reading.modules.add(words[1])
    elif name == "serverroot" and len(words) > 1:
        reading.base = words[1].rstrip("/")
    elif name == "secrules" and len(words) > 1:
        reading.rules += int(words[1])
    elif name == "use":
        raise ValueError("macros are not read")
    else:
        section.directives.append((name, *words[1:]))


def _value(text: str, reading: _Reading) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: reading.defined.get(found[1], found[0]), text)


def _included(pattern: str, reading: _Reading) -> list[str]:
    whole = pattern if pattern.startswith("/") else f"{reading.base}/{pattern}"
    parts = whole.count("/")
    named = sorted(path for path in reading.files if path.count("/") == parts and fnmatchcase(path, whole))
    return named or sorted(path for path in reading.files if path.rpartition("/")[0] == whole.rstrip("/"))


def _site(tree: Section, host: Section, modules: set[str], user: str) -> Site:
    names = [words[0] for words in host.own("servername") if words]
    names += [name for words in host.own("serveralias") for name in words]
    root = (host.own("documentroot") or tree.own("documentroot") or [("",)])[-1]
    own_user = (host.own("assignuserid") or host.own("suexecusergroup") or [(user,)])[-1]
    return Site(
        "apache",
        tuple(name.partition(":")[0].removeprefix("http://") for name in names),
        root[0].rstrip("/") or None,
        frozenset(
            words[1].rstrip("/")
            for one in (*host.every(), *_shared(tree))
            for words in one.own("alias")
            if len(words) == 2
        ),
        frozenset(_pools(tree, host, modules, own_user[0])),
        partial(_refuses, tree, host),
        partial(_runs, tree, host, modules),
        partial(_overrides, tree, host),
    )


def _pools(tree: Section, host: Section, modules: set[str], user: str) -> Iterator[str]:
    handlers = [
        words[0] for one in (*host.every(), *_shared(tree)) for words in one.own("sethandler") if words
    ]
    sockets = [match[1] for handler in handlers if (match := re.match(r"proxy:unix:([^|]+)", handler))]
    fcgi = [match[1] for handler in handlers if (match := re.match(r"proxy:fcgi://([^/]+)", handler))]
    if sockets or fcgi:
        yield from (sockets or fcgi)[:1]
    elif _has_php(modules):
        yield f"user {user}"


def _shared(tree: Section) -> Iterator[Section]:
    """Yield what counts for every virtual host: the main part, without the virtual hosts themselves."""
    yield tree
    for section in tree.sections:
        if section.kind != "virtualhost":
            yield from section.every()


def _has_php(modules: set[str]) -> bool:
    return any(re.fullmatch(r"php\d*_module", name) for name in modules)


def _tokens(tree: Section) -> Iterator[str]:
    shown = (tree.own("servertokens") or [("Full",)])[-1]
    if not shown or shown[0].lower() not in ("prod", "productonly"):
        yield f"apache: ServerTokens {shown[0] if shown else ''}"


def _firewall(tree: Section, modules: set[str]) -> str:
    if "security2_module" not in modules and "security3_module" not in modules:
        return "absent"
    engines = {
        words[0].lower() for section in tree.every() for words in section.own("secruleengine") if words
    }
    return "on" if "on" in engines else "detection only" if "detectiononly" in engines else "off"


def _covering(tree: Section, host: Section, path: str) -> Iterator[Section]:
    """Yield the sections that cover a path of this host, as far as they name folders or places."""
    root = (host.own("documentroot") or tree.own("documentroot") or [("",)])[-1][0].rstrip("/")
    for section in (*_shared(tree), *host.every()):
        whole, argument = root + path, section.argument
        kind, _, rest = argument.partition(" ")
        shown, masked, _ = argument.partition("masked")
        # What may be a token stays on the host: whether such a place serves a path is not known.
        reached = section.kind == "locationmatch" or path.startswith(shown)
        if section.kind.startswith("location") and masked and reached:
            raise ValueError("a place that is not told")
        if section.kind == "directory" and kind == "~":
            yield from (section,) if matches(rest.strip("\"'"), whole) else ()
        elif section.kind == "directory":
            inside = (
                fnmatchcase(whole, argument.rstrip("/") + "/*") if "*" in argument else below(whole, argument)
            )
            yield from (section,) if inside else ()
        elif section.kind == "directorymatch":
            yield from (section,) if matches(argument, whole) or matches(argument, whole + "/") else ()
        elif section.kind == "location":
            yield from (section,) if below(path, argument) else ()
        elif section.kind == "locationmatch":
            yield from (section,) if matches(argument, path) else ()


def _denied(section: Section) -> bool:
    require = any(tuple(w.lower() for w in words) == ("all", "denied") for words in section.own("require"))
    deny = any(tuple(w.lower() for w in words) == ("from", "all") for words in section.own("deny"))
    return require or (deny and not section.own("allow"))


def _files(section: Section, path: str) -> Iterator[Section]:
    """Yield the sections within that name the file of a path."""
    name = path.rpartition("/")[2]
    for inner in section.sections:
        argument = inner.argument
        if inner.kind == "files" and argument.startswith("~"):
            argument = argument[1:].strip().strip("\"'")
            yield from (inner,) if matches(argument, name) else ()
        elif inner.kind == "files":
            yield from (inner,) if fnmatchcase(name, argument) else ()
        elif inner.kind == "filesmatch":
            yield from (inner,) if matches(argument, name) else ()


def _refuses(tree: Section, host: Section, path: str) -> bool:
    if any("/" in words for words in host.own("redirect")) or _turned_away(tree, host, path):
        return True
    covering = list(_covering(tree, host, path))
    # Of the folders the most specific one decides; what is matched and placed is merged behind it.
    folders = [one for one in covering if one.kind == "directory" and _has_access(one)]
    last = max(folders, key=lambda one: len(one.argument), default=None)
    later = [one for one in covering if one.kind != "directory"]
    files = [inner for one in (tree, host, *covering) for inner in _files(one, path)]
    return any(_denied(one) for one in (*((last,) if last else ()), *later, *files))


def _turned_away(tree: Section, host: Section, path: str) -> bool:
    sections = [*_shared(tree), *host.every()]
    redirected = [words for one in sections for words in one.own("redirectmatch")]
    rewritten = [words for one in sections for words in one.own("rewriterule")]
    codes = ("403", "404", "410")
    return any(len(w) == 2 and w[0] in codes and matches(w[1], path) for w in redirected) or any(
        len(w) > 1 and (matches(w[0], path) or matches(w[0], path[1:])) for w in rewritten
    )


def _has_access(section: Section) -> bool:
    return any(section.own(name) for name in ("require", "deny", "allow"))


def _runs(tree: Section, host: Section, modules: set[str], path: str) -> bool:
    pools = _pools(tree, host, modules, "")
    own_process = [pool.startswith("user ") for pool in pools]
    if not own_process or _refuses(tree, host, path):
        return False
    covering = list(_covering(tree, host, path))
    inner = [one for section in covering for one in _files(section, path)]
    if any(own_process) and any(_engine_off(one) for one in (*covering, *inner)):
        return False
    # A handler set for names of files is merged behind those of folders, and only what comes later undoes it.
    by_name = any(
        one.kind in ("files", "filesmatch") and one.own("sethandler")
        for section in (*_shared(tree), host)
        for one in section.every()
        if one not in inner
    )
    later = [one for one in covering if one.kind.startswith("location")]
    return not any(_handler_off(one) for one in (*inner, *later, *(() if by_name else covering)))


def _engine_off(section: Section) -> bool:
    return any(
        words[:1] == ("engine",) and words[-1].lower() in ("off", "0")
        for name in ("php_flag", "php_admin_flag", "php_value", "php_admin_value")
        for words in section.own(name)
    )


def _handler_off(section: Section) -> bool:
    handlers = {words[0].lower() for words in section.own("sethandler") if words}
    removed = any(".ph" in word for words in section.own("removehandler") for word in words)
    return bool(handlers & {"none", "default-handler"}) or removed


def _overrides(tree: Section, host: Section, path: str) -> bool:
    """Return whether files `.htaccess` count there; since 2.3.9 they do not unless a section says so."""
    found = [one for one in _covering(tree, host, path) if one.own("allowoverride")]
    last = max(found, key=lambda one: len(one.argument), default=None)
    return last is not None and last.own("allowoverride")[-1][:1] not in (("None",), ("none",))
