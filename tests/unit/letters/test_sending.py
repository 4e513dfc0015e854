"""Letters on their way: both parts, the reader's language, one Message-ID however often, a real SMTP server."""

import dataclasses
import email
import email.policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from icp import letters, outbox
from icp.accounts.models import Account
from icp.demo.load import open_draft
from icp.demo.people import COMPANIES
from icp.extensions import db
from icp.letters.sending import ACCOUNT_LETTERS, FILING_LETTERS
from icp.outbox import OutboxRow
from icp.rules.correction import Correction, Severity, Source
from tests.live import free_port

PAYLOAD = {"code": "a-code", "minutes": 30, "days": 7, "what": "password", "account": "福建", "about": "a.xml"}


class Inbox:
    """Keeps what a real SMTP server was given."""

    def __init__(self):
        self.mails = []
        self.refuse = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 # aiosmtpd's name
        if self.refuse:
            return "451 try later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


@pytest.fixture
def smtp(app):
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(
        settings,
        mail="smtp",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_tls="none",
        external_url="https://beian.example",
    )
    yield inbox
    controller.stop()


def ask(kind, key="letter.test.1", **values):
    outbox.put(kind, key, **values)
    db.session.commit()


def send_all():
    while (taken := outbox.claim(("letter.",), 60)) is not None:
        letters.send(taken)


def parts(mail):
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


@pytest.mark.usefixtures("app_context")
class TestAccountLetters:
    @pytest.mark.parametrize("name", [n for n in ACCOUNT_LETTERS if n not in ("mobile_code", "account_changed")])
    @pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
    def test_each_has_two_parts_that_lead_to_the_same_place(self, smtp, name, language):
        ask(f"letter.{name}", payload={"to": "lin@qingwu.example", "language": language, **PAYLOAD})
        send_all()
        (mail,) = smtp.mails
        text, html = parts(mail)
        assert mail["To"] == "lin@qingwu.example"
        assert mail["Message-ID"] == "<letter.test.1@beian.example>"
        address = next(line for line in text.splitlines() if line.startswith("https://beian.example/"))
        assert f'href="{address}"' in html

    @pytest.mark.parametrize("what", ["password", "email", "factor"])
    def test_a_change_is_told_without_a_link_that_a_forger_could_copy(self, smtp, what):
        ask("letter.account_changed", payload={"to": "lin@qingwu.example", "language": "en", "what": what})
        send_all()
        text, html = parts(smtp.mails[0])
        assert "400-000-0000" in text
        assert "400-000-0000" in html
        assert "https://beian.example/account" not in text

    def test_a_code_goes_by_sms_and_not_by_mail(self, app, smtp):
        ask("letter.mobile_code", payload={"mobile": "13900000000", "code": "482913", "minutes": 10, "language": "en"})
        send_all()
        (kept,) = (app.extensions["settings"].instance / "mail").glob("*.txt")
        assert smtp.mails == []
        assert "13900000000" in kept.read_text(encoding="utf-8")
        assert "482913" in kept.read_text(encoding="utf-8")


@pytest.mark.usefixtures("app_context")
class TestFilingLetters:
    @pytest.fixture
    def filing(self, people):
        host = db.session.get(Account, people("host", "lin@qingwu.example", name="林知夏"))
        return open_draft(COMPANIES[0], host, "203.0.113.24", 0.9)

    @pytest.mark.parametrize("name", list(FILING_LETTERS))
    @pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
    def test_each_reaches_every_host_in_his_language(self, smtp, filing, name, language):
        db.session.scalar(select(Account)).language = language
        ask(f"letter.{name}", filing_id=filing.id, revision=1, payload=PAYLOAD)
        send_all()
        (mail,) = smtp.mails
        text, html = parts(mail)
        assert filing.number in text
        assert filing.number in html
        assert 'lang="en"' in html if language == "en" else 'lang="zh-CN"' in html

    def test_the_returned_letter_lists_what_to_mend(self, smtp, filing):
        from icp.filings import marks
        from icp.filings.states import Actor

        for path, words in (
            ("subject.mailing_address", "没有写到房间号。"),
            ("website[w1].papers.domain_certificate", "看不清"),
        ):
            made = Correction(path, "R007", Severity.ERROR, words, "写到楼栋和房间号。", None, Source.REVIEWER)
            marks.add(filing, Actor("staff"), made)
        marks.publish(filing)
        ask("letter.returned", filing_id=filing.id, revision=1)
        send_all()
        text, _ = parts(smtp.mails[0])
        assert "没有写到房间号。" in text
        assert "域名证书" in text
        assert "退回了 2 处" in smtp.mails[0]["Subject"]

    def test_a_refusal_of_the_server_leaves_the_row_open_and_a_repeat_has_the_same_id(self, smtp, filing):
        ask("letter.submitted", filing_id=filing.id, revision=1)
        smtp.refuse = True
        with pytest.raises(OSError):  # noqa: PT011 # smtplib's errors are OSErrors
            letters.send(outbox.claim(("letter.",), 60))
        db.session.rollback()
        assert db.session.scalar(select(OutboxRow.done_at)) is None
        smtp.refuse = False
        row = db.session.scalar(select(OutboxRow))
        row.lease_until = None
        db.session.commit()
        letters.send(outbox.claim(("letter.",), 60))
        assert len(smtp.mails) == 1
        assert smtp.mails[0]["Message-ID"].startswith("<letter.test.1.")

    def test_kept_as_a_file_a_repeat_replaces_the_first(self, app, filing):
        for _ in range(2):
            ask("letter.submitted", filing_id=filing.id, revision=1)
            send_all()
            db.session.scalar(select(OutboxRow)).done_at = None
            db.session.commit()
        assert len(list((app.extensions["settings"].instance / "mail").glob("*.eml"))) == 1


@pytest.mark.usefixtures("app_context")
def test_a_letter_nobody_knows_is_hopeless(app):
    ask("letter.nonsense")
    with pytest.raises(outbox.Hopeless):
        letters.send(outbox.claim(("letter.",), 60))
