"""What host and staff do about a filing, page by page: begin it, write it, give papers and password, submit it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from icp.extensions import db
from icp.filings import drafts, operations
from icp.filings.models import Filing
from icp.filings.paths import row_of, type_path
from icp.vocabulary import builtin
from tests.browser import people
from tests.browser.provider import Provider
from tests.waiting import until

Answers = Mapping[str, Any]


def shot_of(files: Mapping[str, Path], slot: str) -> Path:
    """A picture for a slot: the drawn one where there is one."""
    return next((file for name, file in files.items() if people.path_of(name) == slot), files["scan"])


def write(page: Any, provider: Provider, number: str, answers: Answers) -> None:
    """Give the answers that aren't there yet, section by section, each on its page, and go on from each."""
    filing = _filing(number)
    operation, there = operations.get(filing.operation), drafts.read(filing.id).answers
    answers = {path: value for path, value in answers.items() if there.get(path) != value}

    def place(path: str) -> str:
        section = operation.fields[type_path(path)][0]
        row = row_of(path, section.repeat) if section.repeat else ""
        return f"{section.name}/{row}" if row else section.name

    for name, paths in groupby(sorted(answers, key=lambda path: _order(operation, place(path))), key=place):
        step(page, provider, number, name, {path: answers[path] for path in paths})


def _order(operation: operations.Operation, place: str) -> int:
    return [section.name for section in operation.steps].index(place.partition("/")[0])


def every_paper(page: Any, provider: Provider, number: str, files: Mapping[str, Path]) -> None:
    """A picture for each paper the filing needs."""
    filing = _filing(number)
    slots = operations.get(filing.operation).papers(drafts.read(filing.id).answers, builtin())
    papers(page, provider, number, {slot.path: shot_of(files, slot.path) for slot in slots if slot.required})


def passed(reviewer: Any, provider: Provider, number: str, files: Mapping[str, Path], rows: Sequence[str] = ()) -> None:
    """A reviewer passes it, and meets the principals of the websites in these rows."""
    provider.accept(reviewer, number)
    until(lambda: provider.state(number) not in ("in_review", "submitted"), 30, f"{number} isn't passed")
    assert (provider.state(number) == "verifying") == bool(rows), provider.state(number)
    for row in rows:
        people.meet(reviewer, provider.site, number, files, row)


def _filing(number: str) -> Filing:
    db.session.rollback()
    return db.session.query(Filing).filter_by(number=number).one()


def begin(host: Any, provider: Provider, name: str, button: str) -> str:
    """From the list of records to the first page of what is to be done about a subject; its number."""
    host.goto(provider.site.url + "/records")
    host.get_by_role("link", name=name).click()
    return begun(host, button)


def begun(page: Any, button: str | re.Pattern[str]) -> str:
    """Press a button that opens a filing; its number."""
    page.get_by_role("button", name=button).first.click()
    page.wait_for_url("**/filings/**")
    return str(page.url.split("/")[4])


def find(page: Any, provider: Provider, number: str) -> None:
    """Look a record up at the desk and open it."""
    page.goto(provider.site.url + "/desk/register")
    page.fill("main [name=q]", number)
    page.locator("main form:has([name=q]) button").first.click()
    page.locator("main table.rows th a").first.click()


def give_password(host: Any, provider: Provider, number: str, password: str) -> None:
    """The filing password on its page; the bureau finds it right."""
    host.goto(f"{provider.site.url}/filings/{number}/password")
    host.fill("[name=filing_password]", password)
    host.get_by_role("button", name="核对密码").click()
    assert "密码正确" in host.inner_text("body")


def submit(host: Any, provider: Provider, number: str, confirm: str = "", said: str = "正在排队初审") -> None:
    """Read back, say that it is right, type the number where that is asked, and submit."""
    host.goto(f"{provider.site.url}/filings/{number}/check")
    host.locator("[name=declare]").check()
    if confirm:
        host.fill("[name=confirm]", confirm)
    host.locator("form[action$='/submit'] button").click()
    assert said in host.inner_text("h1"), host.inner_text("main")


def ended(host: Any, provider: Provider, number: str, words: str) -> None:
    """The page of the filing says how it ended."""
    host.goto(f"{provider.site.url}/filings/{number}")
    assert words in host.inner_text("h1")


def step(page: Any, provider: Provider, number: str, name: str, answers: Mapping[str, Any]) -> None:
    """Fill in a section and go on."""
    page.goto(f"{provider.site.url}/filings/{number}/steps/{name}")
    for path, value in answers.items():
        people.fill_in(page, path, value, script=True)
    with page.expect_navigation():
        page.locator(".acts button[value=next]").click()
    assert f"/steps/{name}" not in page.url, page.inner_text("main")


def papers(page: Any, provider: Provider, number: str, files: Mapping[str, Path]) -> None:
    """Give pictures to slots, by their path; choosing a file sends it."""
    page.goto(f"{provider.site.url}/filings/{number}/papers")
    there = page.locator("figure.slot__pic img")
    for done, (path, file) in enumerate(files.items()):
        slot = page.locator(f'form[data-up]:has(input[name=slot][value="{path}"])')
        slot.locator("input[type=file]").last.set_input_files(str(file))
        until(lambda: there.count() > done, 30, f"{path} never came")  # noqa: B023 # called at once
