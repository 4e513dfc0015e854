"""How each operation is spoken of: its noun in sentences, what its end is called, and what follows; data, no rules."""

from __future__ import annotations

from dataclasses import dataclass

from icp.filings.models import Filing
from icp.filings.states import LABELS, State
from icp.vocabulary.text import N_, Message

FOOT = N_("把网站备案号放在网站首页底部，并链接到 beian.miit.gov.cn。")
RESOLVE = N_("把域名解析到备案的地址，网站就可以开通。")
POLICE = N_("网站开通后 30 日内办理公安联网备案。")
MAILED = N_("备案密码由管局直接寄给主体负责人，变更和注销都要用，请妥善保管；我们看不到。")
SAME_PASSWORD = N_("主体备案号和备案密码不变。")
SEEN_NOW = N_("登记的主体信息现在看得到了，在“登记信息”里。有过时的，请办信息变更。")
FORMER = N_("原来的接入商那里不再用的，可以请他取消接入；不取消也不影响在这里使用。")
ELSEWHERE = N_("公安联网备案、经营许可等别处也登记过的，请一并变更。")
LOOK_AGAIN = N_("在“登记信息”里看一眼，更新的内容都对不对。")
FIND_ACCESS = N_("网站还要用、又没有别家接入的，请尽快在别的接入商那里办新增接入；没有任何接入的备案会被注销。")
STOP = N_("域名还指向中国内地的服务器的，请停掉解析。")
TAKE_DOWN = N_("网站首页底部的备案号请撤下。")
POLICE_TOO = N_("办过公安联网备案的，请到公安机关注销。")
ANEW = N_("以后还要开网站，请重新备案。")
BESIDES = N_(
    "管局注销的是主体名下的全部网站：由别的接入商接入的也一起注销。那些网站不一定在我们的登记库里，"
    "管局的接口也不告诉我们，请自己核对清楚；还要用的，先不要注销主体。"
)
"""What goes with a subject besides the websites that are known here."""


@dataclass(frozen=True)
class Wording:
    """What people read about an operation (marked texts).

    Attributes:
        what: the noun in sentences: `您的{what}已收到`.
        done: what the end is called, as a state and as a heading.
        approved: one sentence on what was approved; `{name}`.
        last: name of the last stage, and what comes of it.
        concerned: heading of the numbers it was about.
        next: what to do after approval, in order.
        foot: whether the number goes to the foot of the site, so that a line to copy is offered.
        closed: whether the site stays closed until approval.
        goes: whether something goes off the record.
        subject_stays_out: whether the subject's number isn't among those concerned.
        besides: what else goes, that isn't known here.
    """

    what: str
    done: str
    approved: str
    last: tuple[str, str]
    concerned: str
    next: tuple[str, ...]
    foot: bool = False
    closed: bool = False
    goes: bool = False
    subject_stays_out: bool = False
    besides: str = ""


NUMBERS, GONE = N_("备案号"), N_("注销的备案号")
WORDING: dict[str, Wording] = {
    "new_filing": Wording(
        N_("备案"),
        N_("备案成功"),
        N_("{name}的备案已由管局批准。"),
        (N_("收到备案号和备案密码"), N_("密码由管局寄给主体负责人，请自己保存，我们不留")),
        NUMBERS,
        (FOOT, RESOLVE, POLICE, MAILED),
        foot=True,
        closed=True,
    ),
    "new_website": Wording(
        N_("新增网站"),
        N_("网站已备案"),
        N_("{name}已经备案，管局给了新的网站备案号。"),
        (N_("收到网站备案号"), N_("主体备案号和备案密码不变")),
        NUMBERS,
        (FOOT, RESOLVE, POLICE, SAME_PASSWORD),
        foot=True,
        closed=True,
    ),
    "new_access": Wording(
        N_("新增接入"),
        N_("接入已批准"),
        N_("{name}由我们接入，管局已经批准。备案号不变。"),
        (N_("可以在我们这里开通"), N_("备案号和备案密码不变；登记的主体信息这时才看得到")),
        NUMBERS,
        (RESOLVE, SEEN_NOW, FORMER),
    ),
    "change": Wording(
        N_("信息变更"),
        N_("变更完成"),
        N_("{name}的登记信息已按这次变更更新。"),
        (N_("登记信息更新"), N_("备案号和备案密码不变")),
        NUMBERS,
        (LOOK_AGAIN, ELSEWHERE),
    ),
    "cancel_access": Wording(
        N_("取消接入申请"),
        N_("已取消接入"),
        N_("{name}在我们这里的接入已经取消，备案号还在。"),
        (N_("接入取消"), N_("备案号还在；别处没有接入的，会成为空壳")),
        NUMBERS,
        (FIND_ACCESS, STOP),
        goes=True,
    ),
    "cancel_website": Wording(
        N_("网站注销申请"),
        N_("网站已注销"),
        N_("{name}的网站备案已由管局注销，不能恢复。"),
        (N_("网站注销"), N_("网站备案号作废，不能恢复")),
        GONE,
        (TAKE_DOWN, STOP, POLICE_TOO),
        goes=True,
        subject_stays_out=True,
    ),
    "cancel_subject": Wording(
        N_("主体注销申请"),
        N_("主体已注销"),
        N_("{name}的主体备案和名下的网站已由管局注销，不能恢复。"),
        (N_("主体注销"), N_("主体和名下网站的备案号都作废，不能恢复")),
        GONE,
        (TAKE_DOWN, STOP, POLICE_TOO, ANEW),
        goes=True,
        besides=BESIDES,
    ),
}


def of(filing: Filing) -> Wording:
    """How a filing's operation is spoken of."""
    return WORDING[filing.operation]


def noun(filing: Filing) -> Message:
    """The noun of a filing's operation, to be put into a sentence."""
    return Message(of(filing).what)


def label(operation: str, state: State) -> str:
    """What a state is called for an operation (marked text): an approved cancellation is cancelled, no success."""
    return WORDING[operation].done if state is State.APPROVED else LABELS[state]
