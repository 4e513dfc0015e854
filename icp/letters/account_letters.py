"""Letters about accounts. Each takes the payload of its outbox row and gives a letter in the language in force."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from icp.extensions import db
from icp.filings import behalf
from icp.filings.models import Filing
from icp.i18n import tr
from icp.letters.letter import Letter, Payload, path_of


def confirm_email(about: Payload) -> Letter:
    """Somebody registered this address: prove that it is his."""
    return Letter(
        _("请确认您的邮箱"),
        (
            _(
                "有人用这个邮箱在备案台注册。是您本人的话，请点下面的按钮，设好密码就注册好了；不是的话，不用理会这封信。"
            ),
        ),
        button=_("继续注册"),
        path=path_of("accounts_web.confirm", code=about["code"]),
        after=(_("链接 %(minutes)s 分钟内有效，过期了可以再要一个。", minutes=about["minutes"]),),
    )


def already_registered(about: Payload) -> Letter:
    """Somebody tried to register an address that has an account."""
    return Letter(
        _("这个邮箱已经注册过了"),
        (_("有人想用这个邮箱再注册一次。您已有账号，直接登录即可；忘了密码，可以重新设置。"),),
        button=_("去登录"),
        path=path_of("accounts_web.sign_in"),
    )


def no_account(about: Payload) -> Letter:
    """Somebody wants to sign in, or a new password, with an address that can't have a link for it."""
    return Letter(
        _("这个邮箱没有可以这样登录的账号"),
        (
            _("有人（应该是您）想用这个邮箱登录，或重新设置密码。这个邮箱没有账号，或账号不能用邮件登录。"),
            _("可能您用的是别的邮箱；还没有账号的话，请先注册。不是您本人的话，不用理会这封信。"),
        ),
        button=_("去注册"),
        path=path_of("accounts_web.register"),
    )


def sign_in(about: Payload) -> Letter:
    """A link that signs a host in without a password."""
    return Letter(
        _("登录备案台"),
        (_("点开下面的链接，再按一下按钮，就登录了，不用密码。不是您要的话，不用理会这封信，也不要转发。"),),
        button=_("登录"),
        path=path_of("accounts_web.sign_in_by_link", code=about["code"]),
        after=(_("链接 %(minutes)s 分钟内有效，只能用一次；过期了可以再要一个。", minutes=about["minutes"]),),
    )


def account_changed(about: Payload) -> Letter:
    """Something about the account was changed; goes to the address in force so far."""
    what = {
        "password": _("您的登录密码刚刚改了，别处的登录都已退出。"),
        "email": _("您账号的邮箱刚刚换了，这个邮箱以后不再收到备案的信。"),
        "factor": _("您账号的动态口令设置刚刚改了。"),
    }[about["what"]]
    settings = current_app.extensions["settings"]
    return Letter(
        _("您的账号有变动"),
        (
            what,
            _("是您本人操作的话，不用理会；不是的话，请马上打电话给我们：%(phone)s。", phone=settings.provider_phone),
        ),
    )


def password(about: Payload) -> Letter:
    """A link to set a new password."""
    return Letter(
        _("重新设置登录密码"),
        (_("您要重新设置备案台的登录密码，请点下面的按钮。不是您本人要的话，不用理会，密码不会变。"),),
        button=_("设置新密码"),
        path=path_of("accounts_web.set_password", code=about["code"]),
        after=(_("链接 %(minutes)s 分钟内有效。新密码设好后，其他设备上的登录都会退出。", minutes=about["minutes"]),),
    )


def change_email(about: Payload) -> Letter:
    """A link to the new address of an account."""
    return Letter(
        _("请确认新邮箱"),
        (_("您要把备案台账号的邮箱改成这个地址，请点下面的按钮确认。"),),
        button=_("确认新邮箱"),
        path=path_of("accounts_web.change_email", code=about["code"]),
        after=(_("链接 %(minutes)s 分钟内有效；确认之前，原来的邮箱照常使用。", minutes=about["minutes"]),),
    )


def staff_invitation(about: Payload) -> Letter:
    """A member of the staff sets his password."""
    return Letter(
        _("备案台工作账号已开通"),
        (_("管理员为您开通了备案台的工作账号，请点下面的按钮设置密码。"),),
        button=_("设置密码"),
        path=path_of("accounts_web.invitation", code=about["code"]),
        after=(_("链接 %(days)s 天内有效，只能用一次。", days=about["days"]),),
    )


def mobile_code(about: Payload) -> Letter:
    """A six-digit code by SMS."""
    words = _("验证码 %(code)s，%(minutes)s 分钟内有效，请勿告诉他人。", code=about["code"], minutes=about["minutes"])
    return Letter(_("手机验证码"), (words,), sms=words)


def on_behalf_invitation(about: Payload) -> Letter:
    """A customer whose filing staff write for him gets an account that sees it."""
    settings, filing = current_app.extensions["settings"], db.session.get(Filing, about.get("filing_id", 0))
    return Letter(
        _("%(provider)s正在代您办理备案", provider=settings.provider_name),
        (
            _("我们受您委托，正在备案台上代您填写备案。注册一个账号，就能看到填了什么、更正不对的地方，并确认内容。"),
            _("没有委托过我们的话，请不要注册，并打电话告诉我们：%(phone)s。", phone=settings.provider_phone),
        ),
        facts=tuple((tr(label), tr(said)) for label, said in behalf.told_to_strangers(filing)) if filing else (),
        button=_("注册并查看"),
        path=path_of("accounts_web.confirm", code=about["code"]),
        after=(_("链接 %(days)s 天内有效，只能用一次。", days=about["days"]),),
    )
