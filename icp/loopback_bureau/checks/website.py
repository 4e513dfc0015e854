"""Checks of websites: name, home page, codes, pre-approvals, domains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from publicsuffixlist import PublicSuffixList

from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import lookup
from icp.loopback_bureau.checks.base import Case, Claim, Finding
from icp.loopback_bureau.checks.contacts import each
from icp.loopback_bureau.checks.target import BUSY_SPONSOR
from icp.loopback_bureau.registry import domain_key, find_domain
from icp.loopback_bureau.store import Connection, Row

LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})*\.(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})+")

CODES = (
    ("Fwnr/Fwnr_id", "service_contents", 1034),
    ("Yylb/Yylb_id", "languages", 1066),
    ("Nrlx/Nrlx_xx/Nrlx_id", "preapproval_types", 1033),
    ("Jr_xx/Wzjrfs/Jrfs", "access_methods", 1035),
    ("Jr_xx/Wzfb/Fbdd", "server_locations", 1036),
)
"""Path of a coded value below a website, its table, the code that says it is unknown."""

GOVERNMENT = "gov.cn"


def known_codes(case: Case) -> Iterator[Finding]:
    """1033 to 1036 and 1066: a code that its table doesn't have."""
    for website in case.websites:
        yield from unknown_codes(case, website, CODES)


def unknown_codes(case: Case, element: Any, codes: Iterable[tuple[str, str, int]]) -> Iterator[Finding]:
    """The codes at some paths below an element that their tables don't have."""
    name = text_of(element, "Wzmc")
    for path, table, code in codes:
        for node in element.findall(path):
            value = (node.text or "").strip()
            if not case.vocabulary.has(table, value):
                yield Finding(code, f"{name}：{value}" if name else value)


def domains_of(website: Any) -> list[str]:
    """The domains of a website as they were written."""
    return [text_of(node, "Ym") for node in website.findall("Ym_xx")]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def domain_fits(name: str) -> bool:
    """Whether a text is a domain somebody can register, or one below it.

    It has two or more labels of letters, digits and hyphens, Chinese ones in ASCII form, and is no category like
    ``com.cn``.
    """
    key = domain_key(name)
    return len(key) <= 253 and DOMAIN.fullmatch(key) is not None and _suffixes().privatesuffix(key) is not None


def above(key: str) -> list[str]:
    """The domains that a name lies under, up to the one that was registered.

    Those of the government's category stand for themselves: different bodies hold a domain and what is below it.
    """
    registered = _suffixes().privatesuffix(key)
    if registered is None or _suffixes().publicsuffix(key) == GOVERNMENT:
        return []
    found: list[str] = []
    while key != registered:
        key = key.partition(".")[2]
        found.append(key)
    return found


def of_another(case: Case, key: str) -> bool:
    """Whether a name lies under a domain that another sponsor has on record, or has in a request that waits."""
    own = case.on_record["id"] if case.on_record is not None else None
    for name in above(key):
        found = find_domain(case.connection, name)
        if found is not None and found["sponsor_id"] != own:
            return True
        waiting = case.connection.execute(
            "SELECT 1 FROM claim c WHERE c.kind = 'domain' AND c.value = ? AND NOT EXISTS"
            " (SELECT 1 FROM claim o WHERE o.request_id = c.request_id AND o.kind = ? AND o.value = ?)",
            (name, BUSY_SPONSOR, str(own)),
        ).fetchone()
        if waiting is not None:
            return True
    return False


def domains(case: Case) -> Iterator[Finding]:
    """1004 malformed, 1005 on record or waiting elsewhere, 1039 in this filing already, 1064 on the black list.

    Elsewhere: the name itself, or a domain that it lies under. In this filing: twice in the record, or on record for
    the same sponsor. A change names what it keeps by ``Ymid``.
    """
    seen: set[str] = set()
    for website in case.websites:
        for node in website.findall("Ym_xx"):
            name = text_of(node, "Ym")
            key = domain_key(name)
            if not domain_fits(name):
                yield Finding(1004, name)
                continue
            if key in seen:
                yield Finding(1039, name)
            seen.add(key)
            found = find_domain(case.connection, name)
            if found is not None and case.on_record is not None and found["sponsor_id"] == case.on_record["id"]:
                if found["id"] != int_of(node, "Ymid"):
                    yield Finding(1039, name)
            elif found is not None or case.claimed("domain", key) or of_another(case, key):
                yield Finding(1005, name)
            if case.blacklisted("domain", key):
                yield Finding(1064, f"{text_of(website, 'Wzmc')}：{name}")


def blacklisted_row(case: Case, row: Row) -> Iterator[Finding]:
    """1064: a domain of a website on record is on the black list."""
    for domain in lookup.domains_of(case.connection, row["id"]):
        if case.blacklisted("domain", domain["name"]):
            yield Finding(1064, f"{row['name']}：{domain['name']}")


def first_domain(connection: Connection, website_id: int) -> str:
    """The first domain of a website on record, ``""`` for none."""
    found = lookup.domains_of(connection, website_id)
    return str(found[0]["name"]) if found else ""


def names(case: Case) -> Iterator[Finding]:
    """1020: one of a website's names is borne by another website, on record or in this filing."""
    seen: set[str] = set()
    for website in case.websites:
        own = {name: None for name in each(text_of(website, "Wzmc")) if name}
        for name in own:
            if name in seen or _name_taken(case, name, int_of(website, "Wzid")):
                yield Finding(1020, name)
        seen |= own.keys()


def _name_taken(case: Case, name: str, website_id: int | None) -> bool:
    rows = case.connection.execute(
        "SELECT name FROM website WHERE instr(name, ?) > 0 AND cancelled_at IS NULL AND id IS NOT ?",
        (name, website_id),
    )
    return any(name in each(row["name"]) for row in rows)


def _address(url: str) -> SplitResult:
    """Raises: ValueError."""
    return urlsplit(url if "://" in url else f"//{url}")


def host_of(url: str) -> str:
    """The host of a home page, given with or without its scheme; ``""`` when there is none."""
    try:
        parts = _address(url)
        return domain_key(parts.hostname or "") if parts.scheme in ("", "http", "https") else ""
    except ValueError:
        return ""


def page_of(url: str) -> str:
    """A home page as it is compared: without scheme, usual port, fragment and final slash, its host in ASCII form."""
    try:
        parts = _address(url)
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{host_of(url)}{port}{parts.path.rstrip('/')}{query}"


def home_pages(case: Case) -> Iterator[Finding]:
    """1022 malformed, 1041 under none of the website's domains, 1021 on record."""
    for website in case.websites:
        for url in filter(None, (part.strip() for part in text_of(website, "Syurl").split(";"))):
            host = host_of(url)
            if not HOST.fullmatch(host):
                yield Finding(1022, url)
                continue
            keys = [domain_key(name) for name in domains_of(website)]
            if not any(host == key or host.endswith("." + key) for key in keys):
                yield Finding(1041, url)
            if _page_taken(case, url, host, int_of(website, "Wzid")):
                yield Finding(1021, url)


def _page_taken(case: Case, url: str, host: str, website_id: int | None) -> bool:
    rows = case.connection.execute(
        "SELECT home_url FROM website WHERE (instr(lower(home_url), ?) > 0 OR instr(lower(home_url), ?) > 0)"
        " AND cancelled_at IS NULL AND id IS NOT ?",
        (host, _in_chinese(host), website_id),
    )
    return any(page_of(page) == page_of(url) for row in rows for page in each(row["home_url"]))


def _in_chinese(host: str) -> str:
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host


def domain_claims(case: Case) -> Iterator[Claim]:
    """What pending websites hold: their domains, but for those on record already."""
    for website in case.websites:
        for name in domains_of(website):
            if find_domain(case.connection, name) is None:
                yield Claim("domain", domain_key(name))
