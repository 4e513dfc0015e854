"""What a letter is made of, before it becomes a mail with a text and an HTML part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, render_template


@dataclass(frozen=True)
class Point:
    """One thing in a list: what it is about, what is wrong, how to mend it."""

    about: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter in the reader's language.

    Attributes:
        subject: also the heading.
        paragraphs: in order.
        points: a numbered list after the first paragraphs.
        facts: name and value, such as numbers to copy.
        button: what the link says, '' for none.
        path: where it leads, on this site.
        after: paragraphs after the button.
        sms: the same in one sentence, for those with a confirmed mobile number; '' sends none.
        number: the filing's number, '' when the letter is about no filing.
    """

    subject: str
    paragraphs: tuple[str, ...]
    points: tuple[Point, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    button: str = ""
    path: str = ""
    after: tuple[str, ...] = field(default=())
    sms: str = ""
    number: str = ""

    @property
    def url(self) -> str:
        """The address of the button, under the address people know."""
        return site_address() + self.path if self.path else ""

    def text(self, recipient: str) -> str:
        """The plain part."""
        return render_template("mail/letter.txt", letter=self, recipient=recipient)

    def html(self, recipient: str) -> str:
        """The HTML part: reads in order without any style sheet."""
        return render_template("mail/letter.html", letter=self, recipient=recipient)


def site_address() -> str:
    """The site's address as people know it, without a slash at the end."""
    settings = current_app.extensions["settings"]
    return str(settings.external_url or "http://127.0.0.1:8080").rstrip("/")


def path_of(endpoint: str, **values: Any) -> str:
    """The path of a page; the worker has no request to build it from."""
    adapter = current_app.url_map.bind("")
    path: str = adapter.build(endpoint, dict(values))
    return path


Payload = Mapping[str, Any]
