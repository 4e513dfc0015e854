"""What a check of one record sees and says.

A check is a small function from a ``Case`` to findings. Each upload group lists its checks in a ``Group``; a group is
added by one more module and one more line in ``checks.GROUPS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from icp.bureau.codec.xml import int_of, text_of
from icp.loopback_bureau import lookup
from icp.loopback_bureau.registry import Owner
from icp.loopback_bureau.store import Connection, Row
from icp.vocabulary import Vocabulary

INDIVIDUAL = "5"


class Finding(NamedTuple):
    """A result code with what it refers to (may be empty)."""

    code: int
    about: str = ""


class Claim(NamedTuple):
    """What a pending request holds: another request that holds the same is refused."""

    kind: str
    value: str


@dataclass(frozen=True)
class Case:
    """One record of an upload.

    Attributes:
        record: the record's element (``Baxx``, ``Xzxx`` …).
        account: the provider that reports it.
        vocabulary: the code tables in force.
        connection: for looking things up in the registry.
        at: when the record is judged, in seconds since 1970.
        province: the bureau's own province, six digits.
        change_limit: changes of one sponsor that a provider may report within a day.
    """

    record: Any
    account: Row
    vocabulary: Vocabulary
    connection: Connection
    at: float
    province: str = ""
    change_limit: int = 20

    def text(self, path: str) -> str:
        """The text at a path below the record, ``""`` when absent."""
        return text_of(self.record, path)

    def number(self, path: str) -> int | None:
        """The number at a path below the record."""
        return int_of(self.record, path)

    @property
    def isp_id(self) -> int:
        """The provider's id."""
        return int(self.account["isp_id"])

    @property
    def owner(self) -> Owner:
        """In whose name an approval enters things."""
        return Owner(self.isp_id, self.at)

    @property
    def sponsor(self) -> Any:
        """The ``Zt_xx`` of the record."""
        return self.record.find("Zt_xx")

    @property
    def websites(self) -> list[Any]:
        """The ``Wz_xx`` of the record."""
        return list(self.record.findall("Wz_xx"))

    @cached_property
    def individual(self) -> bool:
        """Whether the sponsor is a natural person, which its certificate's type decides."""
        document = self.text("Zt_xx/Zj/Zjlx")
        if not document and self.on_record is not None:
            document = self.on_record["document_type"]
        return self.vocabulary.row("document_types", document).get("organisation_type") == INDIVIDUAL

    @cached_property
    def on_record(self) -> Row | None:
        """The sponsor that ``Zt_xx`` names by bureau id or filing number, cancelled or not."""
        bureau_id, number = self.number("Zt_xx/Ztid"), self.text("Zt_xx/Ztbah")
        if bureau_id is None and not number:
            return None
        return lookup.sponsor(self.connection, bureau_id=bureau_id, number=number)

    def claims(self, kind: str, value: object) -> int:
        """How many pending requests hold this."""
        row = self.connection.execute("SELECT count(*) FROM claim WHERE kind = ? AND value = ?", (kind, str(value)))
        return int(row.fetchone()[0])

    def claimed(self, kind: str, value: object) -> bool:
        """Whether a pending request holds this."""
        return self.claims(kind, value) > 0

    def blacklisted(self, kind: str, value: str) -> bool:
        """Whether a domain or a sponsor (certificate number) is on the black list."""
        row = self.connection.execute("SELECT 1 FROM blacklist WHERE kind = ? AND value = ?", (kind, value)).fetchone()
        return row is not None


Check = Callable[[Case], Iterator[Finding]]


class Target(NamedTuple):
    """What on record a request concerns; None where it names nothing that was found."""

    sponsor: Row | None = None
    website: Row | None = None
    access: Row | None = None


def there(row: Row | None) -> Row:
    """A row that the checks have found.

    Raises:
        LookupError: there is none.
    """
    if row is None:
        raise LookupError("the record names nothing on record")
    return row


@dataclass(frozen=True)
class Outcome:
    """What an approval did.

    Attributes:
        filing_number: the number given or concerned.
        sponsor_id: whose complete filing follows as BASJ; None sends none.
        cancelled: (kind, bureau id) of what is gone, reported as ZXSJ.
        told: other providers that hear of what is gone.
        recipient: e-mail of the subject's principal, ``""`` for no letter.
        password: a new filing password for that letter.
        code: result code of a group that needs no review; 0 sends no result.
    """

    filing_number: str = ""
    sponsor_id: int | None = None
    cancelled: tuple[int, int] | None = None
    told: tuple[int, ...] = ()
    recipient: str = ""
    password: str = ""
    code: int = 0


@dataclass(frozen=True)
class Group:
    """One upload group: how its records are named, checked and put into effect.

    Attributes:
        name: element of the group, e.g. ``XZBA``.
        zh: its name for the officer.
        record: element of one record.
        operation: operation type (Czlx) of a record.
        reference: ``Bs`` of its result.
        record_ids: ``Jlid`` of its review, one for each review record.
        title: name of the sponsor or object, for lists.
        domain: its domain, for lists.
        province: province whose numbers a new sponsor gets, ``""`` when none is given.
        checks: the table of checks.
        claims: what a pending record holds.
        approve: puts an approved record into effect; takes the number an officer chose, ``""`` for the next.
        target: what on record the request concerns.
        review: False for material that is stored without a decision.
    """

    name: str
    zh: str
    record: str
    operation: Callable[[Case], int]
    reference: Callable[[Case], str]
    record_ids: Callable[[Case], list[int]]
    title: Callable[[Case], str]
    domain: Callable[[Case], str]
    checks: tuple[Check, ...]
    claims: Callable[[Case], Iterable[Claim]]
    approve: Callable[[Case, str], Outcome]
    province: Callable[[Case], str] = lambda case: ""
    target: Callable[[Case], Target] = lambda case: Target()
    review: bool = True


def findings(case: Case, checks: Iterable[Check]) -> list[Finding]:
    """All findings of a record, each once, in the order of the checks."""
    found = {finding: None for check in checks for finding in check(case)}
    return list(found)
