"""Domains (§ 2.9) and home pages. Parsed, not matched: hyphens, .com.cn, Chinese domains and gov.cn sub-domains are
right. The stored form is the lower-case A-label (`xn--…`), as on the wire; ``unicode`` shows it to people."""

from __future__ import annotations

import ipaddress
import re
from functools import cache

import idna
from publicsuffixlist import PublicSuffixList

from icp.rules.canonical import as_text, plain, settle, without_spaces
from icp.rules.correction import Checked, Context, Value
from icp.rules.findings import Findings

# Chinese endings approved by the ministry, should the public list lack one; and the one reserved for examples.
EXTRA_SUFFIXES = ("中国", "公司", "网络", "公益", "政务")
RESERVED_SUFFIXES = ("example",)
GOVERNMENT, PUBLIC_INSTITUTION = "2", "3"


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def ascii_form(host: str) -> str | None:
    """A host name as lower-case A-labels; None when it can't be one."""
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, IndexError, ValueError):
        return None


def unicode(domain: str) -> str:
    """A domain as people read it: `xn--fiqs8s` becomes `中国`; unchanged when it can't be read."""
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError, IndexError, ValueError):
        return domain


def suffix_of(host: str) -> str | None:
    """The public suffix of a host in A-labels (`com.cn`); None when its ending isn't a known one."""
    last = host.rpartition(".")[2]
    if last in RESERVED_SUFFIXES or unicode(last) in EXTRA_SUFFIXES:
        return last
    suffix: str | None = _suffixes().publicsuffix(host)
    return suffix


def registrable(host: str) -> str | None:
    """The domain one registers: `b.example.com.cn` → `example.com.cn`; None for a suffix or an unknown ending."""
    suffix = suffix_of(host)
    if suffix is None or host == suffix:
        return None
    return host[: -len(suffix) - 1].rpartition(".")[2] + "." + suffix


def split_address(text: str) -> tuple[str, str]:
    """Host and the rest (path, query) of what was typed: scheme, user, port and a final dot are taken away."""
    host, rest = _take_apart(without_spaces(text))
    whole = settle(lambda address: "".join(_take_apart(address)), host + rest)
    return _take_apart(whole)


def _take_apart(text: str) -> tuple[str, str]:
    text = re.sub(r"^([a-z][a-z0-9+.\-]*:/+|/+)+", "", text, flags=re.IGNORECASE)
    host, sign, rest = text, "", ""
    if match := re.search(r"[/?#\\]", text):
        host, sign, rest = text[: match.start()], text[match.start()], text[match.end() :]
    host = host.rpartition("@")[2]
    host = re.sub(r"(:\d*|[.,;])+$", "", host).lstrip(".,;").lower()
    return host, (sign + rest if sign + rest != "/" else "")


def domain(path: str, value: Value, context: Context) -> Checked:
    """One registrable domain without www (R046, R047, R048), and one that suits the organisation (R062)."""
    found = Findings(path)
    typed = plain(as_text(value)).strip(" ,;")
    if len([part for part in re.split(r"[\s,;]+", typed) if "." in part]) > 1:
        found.error("R046")
        return found.checked(typed)
    host, _ = split_address(typed)
    host = host.removeprefix("www.").lstrip(".") if host.count(".") > 1 else host
    stored = ascii_form(host)
    if stored is None or not re.fullmatch(r"[a-z0-9.\-]+", stored):
        _unreadable(host, found)
        return found.checked(host)
    if _is_address(stored):
        found.error("domain.is_ip")
    elif "@" in typed and "/" not in typed:
        found.error("domain.is_mail", registrable(stored))
    elif "." not in stored:
        found.error("domain.no_suffix")
    else:
        _judge(stored, found, context)
        _mention_ascii(host, stored, found)
    return found.checked(stored)


def _mention_ascii(typed: str, stored: str, found: Findings) -> None:
    """Tell how a Chinese domain travels; no suggestion, because people should go on reading the Chinese."""
    if not found.refused and typed != stored and unicode(stored) == typed:
        found.inform("domain.idn", ascii=stored)


def _unreadable(host: str, found: Findings) -> None:
    if "_" in host:
        found.error("domain.underscore", _without_underscore(host))
    else:
        found.error("R047")


def _without_underscore(host: str) -> str | None:
    mended = ascii_form(host.replace("_", "-"))
    return mended if mended and registrable(mended) == mended else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _judge(stored: str, found: Findings, context: Context) -> None:
    suffix, root = suffix_of(stored), registrable(stored)
    if suffix is None:
        found.error("R048", suffix="." + unicode(stored.rpartition(".")[2]))
    elif root is None:
        found.error("domain.suffix_only", suffix=unicode(stored))
    elif root != stored and suffix != "gov.cn":
        found.error("domain.sub_domain", root, root=unicode(root))
    else:
        _suits(suffix, found, context)


def _suits(suffix: str, found: Findings, context: Context) -> None:
    if suffix in RESERVED_SUFFIXES:
        found.inform("domain.reserved", suffix="." + suffix)
        return
    kind = context.text("subject.organisation_type").strip()
    last = unicode(suffix.rpartition(".")[2])
    if kind == GOVERNMENT:
        suits = suffix == "gov.cn" or last == "政务"
    else:
        suits = kind != PUBLIC_INSTITUTION or last in ("cn", "公益", "政务")
    if not suits:
        found.warn("R062")


def home_url(path: str, value: Value, context: Context) -> Checked:
    """The home page under the website's domain (R054), stored as host and path without `http://`."""
    found = Findings(path)
    host, rest = split_address(plain(as_text(value)))
    encoded = ascii_form(host)
    if encoded is None or "." not in encoded or not re.fullmatch(r"[a-z0-9.\-]+", encoded):
        found.error("home_url.shape")
        return found.checked(host + rest)
    wanted = ascii_form(split_address(plain(context.text("website.domain")))[0].removeprefix("www.")) or ""
    if _is_address(encoded):
        found.error("home_url.is_ip", f"www.{wanted}" if wanted else None)
    elif wanted and encoded != wanted and not encoded.endswith("." + wanted):
        found.error("R054", f"www.{wanted}", domain=unicode(wanted))
    _mention_ascii(host, encoded, found)
    return found.checked(encoded + rest)
