"""``flask demo load``: a believable small provider with filings in every state. Invented people, drawn papers.

Filings are driven by the same verbs as a person's clicks, so what the demonstration shows is what the site does. Site,
worker and loopback bureau must be running for the states that the bureau decides.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
from flask.cli import AppGroup, with_appcontext

from icp import documents, vocabulary
from icp.accounts import passwords
from icp.accounts.models import Account
from icp.accounts.verbs import by_email, email_hash
from icp.demo import records
from icp.demo.drawings import PAPERS
from icp.demo.people import COMPANIES, Company
from icp.documents.verification_items import items_for
from icp.extensions import begin_write, db, now
from icp.filings import drafts, marks, opening, operations, verbs
from icp.filings.marks import reviewer_correction
from icp.filings.models import Filing
from icp.filings.paths import type_path
from icp.filings.states import Actor, State
from icp.register import ranges
from icp.verification import facts
from icp.verification import verbs as visits

PASSWORD = "beian-demo-2026"  # noqa: S105 # of invented people; the command prints it
PLACE = "福州服务点"
STAFF = (
    ("guan@desk.example", "administrator", "关岚"),
    ("he@desk.example", "supervisor", "何田"),
    ("shen@desk.example", "supervisor", "沈砚"),
    ("xu@desk.example", "reviewer", "许闻"),
    ("tang@desk.example", "verifier", "唐予"),
)
RANGES = (
    "first,last,server_location,access_method,customer_email,label",
    "203.0.113.0,203.0.113.127,4,3,,共享虚拟主机",
)
PATIENCE = 90.0  # seconds for worker and bureau to do their part

demo = AppGroup("demo", help="A believable small provider, for looking around.")


@dataclass
class Cast:
    """The people who act."""

    reviewer: Actor
    verifier: Actor
    supervisor: Actor


def make_account(kind: str, email: str, name: str, role: str = "") -> Account:
    """An account that can sign in with the demonstration's password; the existing one when there is."""
    begin_write()
    found = by_email(email)
    if found is not None:
        return found
    account = Account(kind=kind, role=role, name=name, email=email, email_hash=email_hash(email), session_stamp="demo")
    account.place = PLACE if role == "verifier" else ""
    account.email_confirmed_at = now()
    account.password_hash = passwords.make_hash(PASSWORD)
    db.session.add(account)
    db.session.flush()
    return account


def open_draft(host: Company, account: Account, address: str, share: float = 1.0) -> Filing:
    """A draft with the first ``share`` of its answers; papers too when it is complete."""
    by = Actor("host", account.id)
    filing = opening.open_filing("new_filing", by, host_id=account.id)
    answers = list(host.answers(address).items())
    answers = answers[: max(1, int(len(answers) * share))]
    drafts.save(filing.id, by, {path: (None, value) for path, value in answers})
    db.session.commit()
    if share >= 1:
        operation = operations.get(filing.operation)
        for slot in operation.papers(drafts.read(filing.id).answers, vocabulary.current()):
            if type_path(slot.path) in PAPERS:
                picture = io.BytesIO(PAPERS[type_path(slot.path)](host))
                documents.store(picture, filing_id=filing.id, path=slot.path, by_id=account.id, purpose=slot.purpose)
        db.session.commit()
    return filing


def submit(host: Company, account: Account, address: str) -> Filing:
    """A submitted filing."""
    filing = open_draft(host, account, address)
    verbs.submit(filing.id, Actor("host", account.id))
    db.session.commit()
    return filing


def taken(filing: Filing, cast: Cast) -> Filing:
    """Taken by the reviewer."""
    verbs.take(filing.id, cast.reviewer)
    db.session.commit()
    return filing


def returned(filing: Filing, cast: Cast) -> Filing:
    """Sent back with two marks at their fields."""
    taken(filing, cast)
    words = vocabulary.current()
    for path, reason in (("subject.mailing_address", "R007"), ("website[w1].name", "R043")):
        marks.put(filing, cast.reviewer, reviewer_correction(path, reason, *words.reason(reason).said()))
    verbs.send_back(filing.id, cast.reviewer, filing.revision_no)
    db.session.commit()
    return filing


def mended(filing: Filing, account: Account, cast: Cast) -> Filing:
    """Sent back, answered, and submitted again."""
    returned(filing, cast)
    by = Actor("host", account.id)
    drafts.save(filing.id, by, {"website[w1].name": (None, filing.website_name + "网")})
    for mark in marks.open_for_host(filing):
        if mark.path.endswith("name"):
            marks.answer(filing, mark, "mended")
        else:
            marks.answer(filing, mark, "right", "园区只有这一处收发室，没有更细的门牌。")
    verbs.submit(filing.id, by)
    db.session.commit()
    return filing


def accepted(filing: Filing, cast: Cast) -> Filing:
    """Through the first review, waiting for the visit."""
    taken(filing, cast)
    verbs.accept(filing.id, cast.reviewer, filing.revision_no)
    visits.open_for(filing)
    db.session.commit()
    return filing


def verified(host: Company, filing: Filing, cast: Cast, hold: str = "") -> Filing:
    """Met in person: everything agrees, photo taken, form signed; held for a reason, where there is one."""
    accepted(filing, cast)
    for check in visits.open_for(filing):
        individual = facts.individual(drafts.read(filing.id).answers)
        seen = {item.key: item.answers[0][0] for item in items_for(individual)}
        if individual:
            seen = {key: value for key, value in seen.items() if key != "organisation_kind"}
        visits.record_verdicts(check, seen, {}, cast.verifier, PLACE)
        visits.attach_photo(check, io.BytesIO(PAPERS["website.principal.papers.photo"](host)), cast.verifier)
        visits.attach_form(check, io.BytesIO(PAPERS["website.papers.verification_form"](host)), cast.verifier)
        db.session.commit()
    visits.complete_when_both(filing, cast.verifier)
    if hold:
        verbs.hold(filing.id, cast.supervisor, hold)
    db.session.commit()
    return filing


def wait_for(filing: Filing, *states: State) -> None:
    """Wait until worker and bureau have brought the filing to one of these states.

    Raises:
        click.ClickException: they didn't in time.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        db.session.rollback()
        if db.session.get_one(Filing, filing.id, populate_existing=True).state in states:
            return
        time.sleep(0.5)
    raise click.ClickException(f"{filing.number} is still {filing.state}: do worker and loopback bureau run?")


def officer(verb: str, domain: str, *words: str) -> None:
    """Let the officer of the loopback bureau decide on the request for a domain."""
    pending = [line.split("\t") for line in records.bureau("list").splitlines()]
    number = next(columns[0] for columns in pending if domain in columns)
    records.bureau(verb, number, *words)


Scene = Callable[[Company, Account, str, Cast], object]


def _decided(verb: str, state: State, *words: str) -> Scene:
    def scene(host: Company, account: Account, address: str, cast: Cast) -> None:
        filing = verified(host, submit(host, account, address), cast)
        wait_for(filing, State.AT_BUREAU)
        officer(verb, host.domain, *words)
        wait_for(filing, state)

    return scene


def _at_bureau(host: Company, account: Account, address: str, cast: Cast) -> None:
    wait_for(verified(host, submit(host, account, address), cast), State.AT_BUREAU)


def _given_up(host: Company, account: Account, address: str, cast: Cast) -> None:
    verbs.abandon(open_draft(host, account, address, 0.4).id, Actor("host", account.id))
    db.session.commit()


def _expired(host: Company, account: Account, address: str, cast: Cast) -> None:
    verbs.expire(open_draft(host, account, address, 0.8).id)
    db.session.commit()


def _on_record(host: Company, account: Account, address: str, cast: Cast) -> None:
    _decided("approve", State.APPROVED)(host, account, address, cast)
    records.load(host, account, address)


SCENES: dict[str, Scene] = {
    "qingwu": lambda host, account, address, cast: returned(submit(host, account, address), cast),
    "songxi": lambda host, account, address, cast: open_draft(host, account, address, 0.6),
    "lanting": lambda host, account, address, cast: submit(host, account, address),
    "ruohan": lambda host, account, address, cast: taken(submit(host, account, address), cast),
    "tinghe": lambda host, account, address, cast: mended(submit(host, account, address), account, cast),
    "yunlu": lambda host, account, address, cast: accepted(submit(host, account, address), cast),
    "mingchuan": _at_bureau,
    "fenghe": lambda host, account, address, cast: verified(
        host, submit(host, account, address), cast, "等主办者补交新的营业执照"
    ),
    "zhushan": _given_up,
    "mubai": _expired,
    "haiyan": _on_record,
    "beichen": _decided("reject", State.BUREAU_RETURNED, "--opinion", "网站名称含“教育”，请补充说明或更换名称。"),
}
"""Key of a host → how far his filing has come."""


@demo.command("load")
@with_appcontext
def load() -> None:
    """Load the demonstration and print the sign-ins; a second time only prints them."""
    actor: dict[str, Actor] = {}
    for email, role, name in STAFF:
        account = make_account("staff", email, name, role)
        actor.setdefault(role, Actor("staff", account.id))
    cast = Cast(actor["reviewer"], actor["verifier"], actor["supervisor"])
    fresh = not ranges.offered_to("")
    if fresh:
        ranges.import_csv(RANGES)
    db.session.commit()
    for number, host in enumerate(COMPANIES, start=21):
        account = make_account("host", host.email, host.principal)
        db.session.commit()
        if fresh:
            click.echo(f"{host.website} …")
            SCENES[host.key](host, account, f"203.0.113.{number}", cast)
    click.echo(sign_ins())


def sign_ins() -> str:
    """Who can sign in, as a table for the console."""
    lines = [f"\nEverybody's password: {PASSWORD}", ""]
    lines += [f"  {role:<14} {email}" for email, role, _ in STAFF]
    lines += [f"  {'host':<14} {host.email:<24} {host.website}" for host in COMPANIES]
    lines += ["", "Filed through another provider, to try 新增接入 with:"]
    words = "  {number}-1, {domain}, document number {document}, filing password {password}"
    lines += [words.format_map(records.ELSEWHERE | {"document": records.ELSEWHERE["document"].partition(":")[2]})]
    return "\n".join(lines)


commands = [demo]
