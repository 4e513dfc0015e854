"""Looking something up in the register: one box for number, document, domain and name; each found by an index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from icp.extensions import db, row_id
from icp.register import reading
from icp.register.models import Access, Subject, Website
from icp.register.reading import FOUND
from icp.rules import domains, filing_numbers
from icp.vocabulary import Vocabulary


@dataclass(frozen=True)
class Hit:
    """A subject, and the website and domain by which it was found; ``ours`` when that website has access here."""

    subject: Subject
    website: Website | None = None
    domain: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Page:
    """What was found, and from where the next page goes on ('' when this is the last)."""

    hits: tuple[Hit, ...]
    next: str = ""


def look_up(text: str, words: Vocabulary, after: str = "") -> Page:
    """What is, or was, on record under a text.

    Args:
        text: a filing number, a domain (found with all under it), a document number, or two characters or more of a
            name.
        words: whose document types are tried.
        after: ``Page.next`` of the page before.

    Raises:
        ValueError: ``after`` is none of ours.
    """
    text = "".join(c for c in text if c.isprintable()).strip()
    if filing_numbers.canonical(text):
        found = reading.by_number(text, cancelled=True)
        return Page((_hit(found.subject, found.website),) if found else ())
    if "." in text and " " not in text:
        return _by_domain(text, _cursor(after))
    hits = _by_document(text, words) if text.isascii() else []
    return Page(tuple(hits)) if hits else _by_name(text, _cursor(after))


def _hit(subject: Subject, website: Website | None) -> Hit:
    return Hit(subject, website, ours=website is not None and reading.ours(website))


def _by_document(text: str, words: Vocabulary) -> list[Hit]:
    number = "".join(text.split())
    hashes = [reading.document_hash(option.code, number) for option in words.options("document_types")]
    wanted = select(Subject).where(Subject.document_hash.in_(hashes)).order_by(Subject.id).limit(FOUND)
    return [Hit(subject) for subject in db.session.scalars(wanted)] if number else []


def _by_domain(text: str, after: tuple[str, int] | None) -> Page:
    host, _ = domains.split_address(text)
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    found = reading.under_domain(domains.ascii_form(host) or host, after, FOUND + 1)
    websites = _rows(Website, {domain.website_id for domain in found})
    subjects = _rows(Subject, {website.subject_id for website in websites.values()})
    ours = _ours(websites)
    hits = [
        Hit(subjects[site.subject_id], site, domain.name, site.id in ours)
        for domain in found[:FOUND]
        for site in [websites[domain.website_id]]
    ]
    more = f"{found[FOUND - 1].id} {found[FOUND - 1].reversed}" if len(found) > FOUND else ""
    return Page(tuple(hits), more)


def _by_name(text: str, after: tuple[str, int] | None) -> Page:
    found = reading.by_name(text, after, FOUND + 1)
    subjects = _rows(Subject, {part.subject_id for part in found})
    websites = _rows(Website, {part.website_id for part in found})
    ours = _ours(websites)
    hits = {
        (part.subject_id, part.website_id): Hit(
            subjects[part.subject_id],
            websites[part.website_id] if part.website_id is not None else None,
            ours=part.website_id in ours,
        )
        for part in found[:FOUND]
    }
    more = f"{found[FOUND - 1].id} {found[FOUND - 1].text}" if len(found) > FOUND else ""
    return Page(tuple(hits.values()), more)


def _cursor(after: str) -> tuple[str, int] | None:
    number, _, text = after.partition(" ")
    return (text, row_id(number)) if after else None


def _rows(model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    wanted = {i for i in ids if i is not None}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)))} if wanted else {}


def _ours(websites: dict[int, Website]) -> set[int]:
    alive = [website.id for website in websites.values() if website.cancelled_at is None]
    wanted = select(Access.website_id).where(Access.website_id.in_(alive), Access.ours.is_(True)).distinct()
    return set(db.session.scalars(wanted)) if alive else set()
