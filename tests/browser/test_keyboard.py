"""By keyboard alone: a host fills in and submits, a reviewer marks and sends back, the host mends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from icp.demo.load import PASSWORD
from tests.browser import people
from tests.browser.people import HOST
from tests.waiting import until

FAR = 120
"""So many times Tab at most; a control that is further away can't be called reachable."""


class Keys:
    """A person without a mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def at(self) -> str:
        """What has the focus: its name, its value, what it says."""
        return str(
            self.page.evaluate(
                "() => { const e = document.activeElement; return [e.name || '', e.type === 'radio' || "
                "e.type === 'checkbox' || e.type === 'submit' ? e.value : '', e.innerText || '', "
                "e.labels && e.labels.length ? e.labels[0].innerText : ''].join('|'); }"
            )
        )

    def to(self, *words: str, key: str = "Tab") -> None:
        """Go on with Tab until what has the focus shows all these words."""
        seen = []
        for _ in range(FAR):
            self.page.keyboard.press(key)
            seen.append(self.at())
            if all(word in seen[-1] for word in words):
                self.must_be_seen()
                return
        raise AssertionError(f"Tab never reaches {words}; it passes {seen[:40]}")

    def must_be_seen(self) -> None:
        """What has the focus must show it, and not lie under something else."""
        outline = self.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
        )
        assert outline != "nonenone", f"no visible focus at {self.at()}"

    def press(self, key: str = "Enter") -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, code: str) -> None:
        """In a list that has the focus: arrows down to an option."""
        steps = self.page.evaluate(
            "code => [...document.activeElement.options].findIndex(o => o.value === code) - "
            "document.activeElement.selectedIndex",
            code,
        )
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def answer(self, path: str, value: str | list[str]) -> None:
        """Go to the control of an answer and give it."""
        if path.endswith("region_code"):
            for part in (value[:2] + "0000", value[:4] + "00", str(value)):
                self.to(path)
                self.choose(part)
                self.page.keyboard.press("Tab")
                people.settled(self.page)
                self.page.keyboard.press("Shift+Tab")
            return
        if isinstance(value, list) and not path.endswith("ip_addresses"):
            for code in value:
                self.to(path, f"|{code}|")
                self.press("Space")
            return
        if value in ("long", "yes", "no"):
            self.to(path, f"|{value}|")
            self.press("Space")
            return
        self.to(path)
        kind = self.page.evaluate("() => document.activeElement.type")
        if kind == "checkbox":  # one of the provider's own addresses
            self.press("Space") if value == [people.ADDRESS] and f"|{people.ADDRESS}|" in self.at() else self.to(
                path, "||"
            )
            kind = self.page.evaluate("() => document.activeElement.type")
        if kind.startswith("select"):
            self.choose(str(value))
        elif kind == "date":
            year, month, day = str(value).split("-")
            self.page.keyboard.type(month + day + year)
        else:
            self.write("\n".join(value) if isinstance(value, list) else value)

    def step(self, answers: dict[str, str | list[str]], leave_out: tuple[str, ...] = ()) -> None:
        """A section from its first field to the button at its end."""
        for path, value in answers.items():
            if path not in leave_out:
                self.answer(path, value)
                people.settled(self.page)
        self.to("act", "next")
        self.press()


def sign_in(page: Any, url: str, email: str) -> Keys:
    page.goto(url + "/sign-in")
    keys = Keys(page)
    keys.to("login")
    keys.write(email)
    keys.to("password")
    keys.write(PASSWORD)
    keys.press()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return keys


def give_picture(keys: Keys, file: Path, done: int) -> None:
    """The next paper that has no picture yet: the file chooser opens by keyboard too."""
    for _ in range(FAR):
        keys.press("Tab")
        if keys.page.evaluate(
            "() => document.activeElement.type === 'file' && !document.activeElement.hasAttribute('capture')"
        ):
            break
    chosen: list[Any] = []
    keys.page.once("filechooser", lambda chooser: chosen.append(chooser))  # playwright wants a function

    def opened() -> bool:
        keys.press("Space")
        keys.page.wait_for_function("() => true")
        return bool(chosen)

    until(opened, 15, "the file chooser never opens")
    chosen[0].set_files(str(file))
    until(lambda: keys.page.locator("figure.slot__pic img").count() > done, 30, f"{file} never came")


def test_the_keyboard_is_enough(running, new_page, accounts, tmp_path):
    accounts("host", HOST.email, HOST.principal)
    accounts("staff", "xu@desk.example", "许闻", "reviewer")
    files = people.pictures(tmp_path / "papers")
    answers = people.answers_of()
    page = new_page()

    host = sign_in(page, running.url, HOST.email)
    page.goto(running.url + "/start")
    host.to("operation", "new_filing")
    host.press()
    page.wait_for_url("**/steps/subject")
    number = page.url.split("/")[4]
    host.step(answers["subject"])
    page.wait_for_url("**/steps/principal")
    host.step(answers["principal"])
    page.wait_for_url("**/steps/website/w1")
    host.step(answers["website"])
    page.wait_for_url("**/papers")
    for done, name in enumerate(people.PICTURES):
        give_picture(host, files[name], done)
    page.goto(f"{running.url}/filings/{number}/check")
    host.to("declare")
    host.press("Space")
    host.to("提交首次备案")
    host.press()
    page.wait_for_url(f"**/filings/{number}")
    assert "我们收到了" in page.inner_text("h1")

    desk_page = new_page()
    desk = sign_in(desk_page, running.url, "xu@desk.example")
    desk_page.goto(running.url + "/desk/")
    desk.press("n")
    desk_page.wait_for_url(f"**/desk/filings/{number}")
    line = "() => document.activeElement.matches('[data-line]') ? document.activeElement.innerText : ''"
    while "通信地址" not in desk_page.evaluate(line):
        desk.press("j")
    desk.press("m")
    desk_page.wait_for_selector("#pen-message")
    desk.to("message")
    desk.write("门牌没有写全")
    desk.to("记下这一批")
    desk.press()
    desk_page.get_by_text("退回 1 处").wait_for()
    desk.press("b")
    desk_page.wait_for_url(lambda address: True)
    running.wait_letter(HOST.email, "门牌没有写全")

    page.goto(f"{running.url}/filings/{number}")
    host.answer("subject.mailing_address", "示例路18号青梧大厦7层701室")
    people.settled(page)
    host.to("act", "submit")
    host.press()
    page.wait_for_url(f"**/filings/{number}")
    assert "我们收到了" in page.inner_text("h1")
