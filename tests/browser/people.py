"""People before a browser: what a host, a reviewer and an officer do on their pages, by the words they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from icp.demo import drawings
from icp.demo.people import COMPANIES, Company
from tests.live import LiveSite
from tests.waiting import until

HOST: Company = next(company for company in COMPANIES if company.key == "qingwu")
ADDRESS = "203.0.113.24"
PASSWORD = "correct horse battery"  # of people who live for one test
MOBILE = "13900000000"
PICTURES = {
    "subject-papers-document": drawings.licence,
    "subject-principal-papers-identity_front": drawings.identity_front,
    "subject-principal-papers-identity_back": drawings.identity_back,
    "website-w1-papers-domain_certificate": drawings.domain_certificate,
}
RANGES = "first,last,server_location,access_method,customer_email,label\n203.0.113.0,203.0.113.127,4,3,,共享虚拟主机\n"


def offer_ranges(site: LiveSite) -> None:
    """The provider's addresses, imported as an operator does."""
    path = site.instance / "ranges.csv"
    path.write_text(RANGES, encoding="utf-8")
    site.flask("ranges", "import", str(path))


def link_in_letter(site: LiveSite, to: str, path: str) -> str:
    """The address of a link in the newest letter to somebody that has one."""
    return str(site.wait_letter(to, rf"{re.escape(site.url)}{path}\S+")[0])


def sms_code(site: LiveSite, mobile: str) -> str:
    """The six digits of the newest SMS to a number."""

    def look() -> str | None:
        said = [path.read_text() for path in sorted((site.instance / "mail").glob("*.txt"))]
        codes = [re.search(r"\d{6}", text.partition("\n")[2]) for text in said if text.startswith(mobile)]
        return codes[-1][0] if codes and codes[-1] else None

    return str(until(look, 30, f"no SMS to {mobile}"))


def register(page: Any, site: LiveSite, email: str = HOST.email, mobile: str = MOBILE) -> None:
    """Register as a host: address, letter, password, mobile, code."""
    page.goto(site.url + "/register")
    page.fill("[name=email]", email)
    page.click("button.btn--go")
    page.goto(link_in_letter(site, email, "/register/confirm/"))
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=mobile]", mobile)
    page.click("button.btn--go")
    page.fill("[name=code]", sms_code(site, mobile))
    page.click("button.btn--go")


def staff(page: Any, site: LiveSite, email: str, role: str, name: str, place: str = "") -> None:
    """A member of the staff sets the password by the mailed link and is signed in."""
    site.flask("staff", "create", "--email", email, "--role", role, "--name", name, "--place", place)
    page.goto(link_in_letter(site, email, "/staff/invitation/"))
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn--go")


def sign_in(page: Any, site: LiveSite, email: str) -> None:
    """Sign in on the page that is shown, or on the sign-in page."""
    if "/sign-in" not in page.url:
        page.goto(site.url + "/sign-in")
    form = page.locator("form").filter(has=page.locator("[name=password]"))
    form.locator("[name=login]").fill(email)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button.btn--go").click()


def begin(page: Any, site: LiveSite) -> str:
    """Open a first filing; its number."""
    page.goto(site.url + "/start")
    page.click("button[name=operation][value=new_filing]")
    page.wait_for_url("**/steps/subject")
    return str(page.url.split("/")[4])


def fill_in(page: Any, path: str, value: str | list[str], *, script: bool) -> None:
    """Give one answer by its control, and leave the field so that it saves itself."""
    control = page.locator(f'[name="{path}"]:not([type=hidden])')
    kind = control.first.evaluate("e => e.tagName + '/' + e.type")
    if path.endswith("region_code"):
        _choose_region(page, control, str(value), script=script)
        return
    saving = page.expect_response(lambda answer: answer.url.endswith("/answers")) if script else None
    if saving:
        saving.__enter__()
    if kind.startswith("SELECT"):
        control.first.select_option(str(value))
        if path == "subject.organisation_type" and not script:
            page.get_by_role("button", name="显示相应要填的").click()
    elif kind in ("INPUT/checkbox", "INPUT/radio") and not path.endswith("ip_addresses"):
        for code in value if isinstance(value, list) else [value]:
            page.locator(f'[name="{path}"][value="{code}"]').check()
    elif value == "long":
        page.locator(f'[name="{path}"][value=long]').check()
    else:
        box = page.locator(f'textarea[name="{path}"], input[name="{path}"]:not([type=checkbox], [type=hidden])')
        box.fill("\n".join(value) if isinstance(value, list) else value)
        box.blur()
    if saving:
        saving.__exit__(None, None, None)
        settled(page)


def _choose_region(page: Any, control: Any, code: str, *, script: bool) -> None:
    for level, part in enumerate((code[:2] + "0000", code[:4] + "00", code)):
        if script:
            with page.expect_response(lambda answer: answer.url.endswith("/answers")):
                control.nth(level).select_option(part)
            settled(page)
        else:
            control.nth(level).select_option(part)
            if level < 2:
                page.get_by_role("button", name="列出下一级").click()


def settled(page: Any) -> None:
    """Wait until no field is being saved and the answer is on the page."""
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request') && !document.querySelector('.htmx-swapping')"
    )


def fill_step(page: Any, name: str, answers: dict[str, str | list[str]], *, script: bool = True) -> None:
    """Fill in a section and go on."""
    page.wait_for_url(f"**/steps/{name}**")
    for path, value in answers.items():
        fill_in(page, path, value, script=script)
    page.locator(".acts button[value=next]").click()


def answers_of(host: Company = HOST) -> dict[str, dict[str, str | list[str]]]:
    """The answers of a host by section, in the order of the page."""
    everything = host.answers(ADDRESS)
    return {
        "subject": {p: v for p, v in everything.items() if p.startswith("subject.") and ".principal." not in p},
        "principal": {p: v for p, v in everything.items() if p.startswith("subject.principal.")},
        "website": {p: v for p, v in everything.items() if p.startswith("website[")},
    }


def pictures(folder: Path, host: Company = HOST) -> dict[str, Path]:
    """Drawn papers as files, by the id of their slot; photo and signed form besides."""
    folder.mkdir(exist_ok=True)
    drawn = {name: draw(host) for name, draw in PICTURES.items()}
    drawn |= {"photo": drawings.photo(host), "scan": drawings.signed_form(host)}
    for name, data in drawn.items():
        (folder / f"{name}.jpg").write_bytes(data)
    return {name: folder / f"{name}.jpg" for name in drawn}


def upload_papers(page: Any, files: dict[str, Path], *, script: bool = True) -> None:
    """Give each paper its picture, one after the other; with script, choosing a file sends it."""
    for done, name in enumerate(PICTURES):
        slot = page.locator(f'form[data-up]:has(input[name=slot][value="{path_of(name)}"])')
        slot.locator("input[type=file]").last.set_input_files(str(files[name]))
        if not script:
            slot.locator("[type=submit]").first.click()
        pictures_there = page.locator("figure.slot__pic img")
        until(lambda: pictures_there.count() > done, 30, f"{name} never came")  # noqa: B023 # called at once


def path_of(name: str) -> str:
    """The path of a slot by its id in ``PICTURES``."""
    return name.replace("website-w1-", "website[w1].").replace("-", ".")


def submit(page: Any, site: LiveSite, number: str) -> None:
    """Read back and submit."""
    page.goto(f"{site.url}/filings/{number}/check")
    page.get_by_label("以上内容真实").check()
    page.get_by_role("button", name="提交首次备案").click()


def take(page: Any, site: LiveSite, number: str) -> None:
    """Take a filing from the queue."""
    page.goto(f"{site.url}/desk/filings/{number}")
    page.locator("form[action$='/take'] button").click()


def mark(page: Any, site: LiveSite, number: str, path: str, words: str, remedy: str = "") -> None:
    """Mark a path with words."""
    page.goto(f"{site.url}/desk/filings/{number}/pen?path={path}")
    page.fill("#pen-message", words)
    page.fill("#pen-remedy", remedy)
    page.get_by_role("button", name="记下这一批").click()


def pass_on(page: Any) -> None:
    """Accept the filing that is shown, and wait for the page this leads to before anybody goes elsewhere."""
    page.locator("form[action$='/accept'] button").click()
    page.wait_for_url(lambda url: "/desk/filings/" not in url)


def meet(page: Any, site: LiveSite, number: str, files: dict[str, Path], row: str = "w1") -> None:
    """The visit: every point in order, photo, signed form, done."""
    page.goto(f"{site.url}/desk/counter/{number}/{row}")
    for box in page.locator("[id^=item-]").all():
        select, yes = box.locator("select"), box.locator("input[type=radio]")
        if select.count():
            select.select_option(index=1)
        else:
            box.locator("input[value=na]").or_(yes).first.check()
    page.set_input_files("#photo", str(files["photo"]))
    page.set_input_files("#scan", str(files["scan"]))
    page.locator(".verdict button[value=complete]").click()


def decide(page: Any, site: LiveSite, number_of: int, what: str, opinion: str = "") -> None:
    """The officer decides on the n-th of what waits."""
    page.goto(site.bureau_url + "/")
    page.locator("table.rows a.code").nth(number_of).click()
    page.locator(f"[name=what][value={what}]").check()
    page.fill("#opinion", opinion)
    page.get_by_role("button", name="签发").click()


def reload_until(page: Any, words: str, seconds: float = 60) -> None:
    """Look at the page again and again until it says something."""

    def look() -> bool:
        page.reload()
        return words in page.inner_text("main")

    until(look, seconds, f"the page never said {words!r}")
