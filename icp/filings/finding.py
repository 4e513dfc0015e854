"""Which operation is the right one for a host: a table of cases over what is known of his subject and his domain.

Nothing is asked here; ``icp.bureau.finding`` asks the register and the ministry, and this says what follows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from icp.vocabulary.text import N_


class Subject(StrEnum):
    """What is known of the subject whose document number was given."""

    MINE = "mine"  # on record here, and this host's
    HERE = "here"  # on record here, not (yet) this host's
    ELSEWHERE = "elsewhere"  # has a number, but isn't on record here
    NONE = "none"
    GONE = "gone"  # was on record here and is cancelled
    UNKNOWN = "unknown"  # couldn't be asked
    CLASH = "clash"  # the number that was typed is another subject's
    APART = "apart"  # a number was typed, and the ministry knows nothing under the document: not the two together


class Domain(StrEnum):
    """What is known of the domain."""

    ACCESS = "access"  # filed for this subject, with access here
    RECORD = "record"  # on record here for this subject, without access here
    FILED = "filed"  # filed for this subject, elsewhere, or for nobody who could be told
    OTHERS = "others"  # filed for another subject
    NONE = "none"
    UNKNOWN = "unknown"


class Holds(StrEnum):
    """What the host says of his holding a filing number."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


CLAIM = "claim"
"""Not an operation: the record has to be claimed first."""


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes:
        name: for tests and history.
        subject, domain, holds: the values it is for; empty: any.
        operation: the operation proposed, ``CLAIM``, or '' when none would do.
        known: whether the operation begins with the record that is here.
        reason: why, in a sentence or two (marked text).
        at_desk: the same to staff who ask for a customer, where the host is spoken to in ``reason``.
    """

    name: str
    subject: Collection[Subject]
    domain: Collection[Domain]
    operation: str
    reason: str
    holds: Collection[Holds] = ()
    known: bool = False
    at_desk: str = ""

    def fits(self, subject: Subject, domain: Domain, holds: Holds) -> bool:
        """Whether the row is for these facts."""
        facts = ((self.subject, subject), (self.domain, domain), (self.holds, holds))
        return all(not wanted or fact in wanted for wanted, fact in facts)


S, D, H = Subject, Domain, Holds
OF_OTHERS = N_(
    "这个域名已经备案在另一个主体名下，管局不会再给它备一次案。请先由那个主体注销这个网站；"
    "如果那就是您换证以前的备案，请填当时的证件号码或备案号再查一次。"
)
CASES = (
    Case(
        "clash",
        {S.CLASH},
        (),
        "",
        N_("这个备案号登记的不是这个证件号码。请核对两个号码；证件换过号的，请填备案时用的那一个。"),
    ),
    Case(
        "apart",
        {S.APART},
        (),
        "",
        N_(
            "管局没有这个证件号码的备案，所以它和您填的备案号不是一起的。请核对两个号码：证件换过号的，填备案时用的那一个；"
            "备案号是别人的，或者已经注销的，清空备案号再查，就是首次备案。"
        ),
        at_desk=N_(
            "管局没有这个证件号码的备案，所以它和填的备案号不是一起的。请和客户核对两个号码：证件换过号的，填备案时用的那一个；"
            "备案号是别人的，或者已经注销的，清空备案号再查，就是首次备案。"
        ),
    ),
    Case(
        "others",
        (),
        {D.OTHERS},
        "",
        OF_OTHERS,
    ),
    Case(
        "claim",
        {S.HERE},
        (),
        CLAIM,
        N_("这个主体在我们的登记库里，还没有归到您的账号。请先凭备案号和备案密码认领，登记的内容就不用再填。"),
    ),
    Case(
        "change",
        {S.MINE},
        {D.ACCESS},
        "change",
        N_("这个域名已经备案在您的主体名下，也经我们接入。要改登记的内容，办信息变更；没有变化就什么都不用办。"),
        known=True,
        at_desk=N_(
            "这个域名已经备案在这个主体名下，也经我们接入。要改登记的内容，办信息变更；没有变化就什么都不用办。"
        ),
    ),
    Case(
        "access_known",
        {S.MINE},
        {D.RECORD, D.FILED},
        "new_access",
        N_("这个域名已经备案在您的主体名下，但没有经我们接入。办新增接入，主体信息不用再填，原来的接入商不用配合。"),
        known=True,
        at_desk=N_(
            "这个域名已经备案在这个主体名下，但没有经我们接入。办新增接入，主体信息不用再填，原来的接入商不用配合。"
        ),
    ),
    Case(
        "website_known",
        {S.MINE},
        {D.NONE},
        "new_website",
        N_("您的主体已经有备案号，这个域名还没有备案。只要加上这个网站，主体信息不用再填。"),
        known=True,
        at_desk=N_("这个主体在登记库里，这个域名还没有备案。只要加上这个网站，主体信息不用再填。"),
    ),
    Case(
        "website_known_unasked",
        {S.MINE},
        {D.UNKNOWN},
        "new_website",
        N_("您的主体已经有备案号，这个域名不在我们的登记库里。如果它在别处备过案，请改办新增接入。"),
        known=True,
        at_desk=N_("主体在登记库里，域名不在，部里也没有问到。如果域名在别处备过案，请改办新增接入。"),
    ),
    Case(
        "access",
        {S.ELSEWHERE},
        {D.FILED},
        "new_access",
        N_("这个域名已经备案，但没有经我们接入。凭备案号和备案密码办新增接入，主体信息不用再填。"),
    ),
    Case(
        "website",
        {S.ELSEWHERE},
        {D.NONE},
        "new_website",
        N_("这个主体已经有备案号，这个域名还没有备案。凭备案号和备案密码加上这个网站，主体信息不用再填。"),
    ),
    Case(
        "website_unasked",
        {S.ELSEWHERE},
        {D.UNKNOWN},
        "new_website",
        N_("这个主体已经有备案号。域名没有查成：没备过案的，办新增网站；在别处备过案的，请改办新增接入。"),
    ),
    Case(
        "again",
        {S.GONE},
        {D.NONE, D.UNKNOWN, D.FILED},
        "new_filing",
        N_("这个主体的备案已经注销，要重新备案，主体、网站和接入一起办。"),
    ),
    Case(
        "first_despite",
        {S.NONE},
        {D.NONE, D.UNKNOWN},
        "new_filing",
        N_(
            "管局没有这个证件号码的备案，备案号可能已经注销，所以是首次备案。如果备案时用的是别的证件，请换那个号码再查。"
        ),
        holds={H.YES},
    ),
    Case(
        "first",
        {S.NONE},
        {D.NONE, D.UNKNOWN},
        "new_filing",
        N_("这个证件号码和域名都没有备案，所以是首次备案，一次同时登记主体、网站和接入。"),
    ),
    Case(
        "access_said",
        {S.UNKNOWN},
        {D.FILED},
        "new_access",
        N_("这个域名已经备案，没有经我们接入。是您的网站，就凭备案号和备案密码办新增接入；不是，要先由对方注销。"),
        at_desk=N_(
            "这个域名已经备案，没有经我们接入。是客户的网站，就凭备案号和备案密码办新增接入；不是，要先由对方注销。"
        ),
    ),
    Case(
        "website_said",
        {S.UNKNOWN},
        (),
        "new_website",
        N_("您说已经有备案号，我们的登记库里没有这个网站。域名没备过案的办新增网站；在别处备过案的，请改办新增接入。"),
        holds={H.YES},
        at_desk=N_(
            "客户有备案号，我们的登记库里没有这个网站。域名没备过案的办新增网站；在别处备过案的，请改办新增接入。"
        ),
    ),
    Case(
        "first_said",
        {S.UNKNOWN},
        (),
        "new_filing",
        N_("照您说的，这个主体还没有备案号，我们的登记库里也没有，所以是首次备案。"),
        holds={H.NO},
        at_desk=N_("照客户说的，这个主体还没有备案号，我们的登记库里也没有，所以是首次备案。"),
    ),
    Case(
        "first_unasked",
        {S.UNKNOWN},
        (),
        "new_filing",
        N_(
            "我们的登记库里没有这个主体。没有备案号的，办首次备案；有备案号的，请改办新增网站或新增接入，已填的会带过去。"
        ),
    ),
    Case("others_after_all", (), (), "", OF_OTHERS),
)
"""The first row that fits decides."""

WHEN: dict[str, str] = {
    "new_filing": N_("主体和网站都还没有备案号"),
    "change": N_("登记的内容有变化"),
    "new_website": N_("已有备案号，再加一个网站"),
    "new_access": N_("已备案的网站搬来，或加用我们的服务器"),
    "cancel_access": N_("网站不再放在我们这里"),
    "cancel_website": N_("一个网站不再使用，主体还在"),
    "cancel_subject": N_("整个主体和它的网站都不再使用"),
}
"""Operation → when it is the right one (marked text)."""


def find(subject: Subject, domain: Domain, holds: Holds) -> Case:
    """The case these facts make; every combination has one."""
    return next(case for case in CASES if case.fits(subject, domain, holds))
