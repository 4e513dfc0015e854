"""Forms of the account pages. Messages are Chinese texts marked for the catalogs; templates say them with ``|tr``."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from icp.accounts import passwords
from icp.vocabulary.text import N_, Message

ROLE_NAMES = (
    ("reviewer", N_("核验员（初审）")),
    ("verifier", N_("当面核验员")),
    ("supervisor", N_("主管")),
    ("administrator", N_("管理员")),
)
PASSWORD_PROBLEMS = {
    "short": Message("密码太短。请至少用 {least} 个字，几个词连起来就好记。", least=passwords.LEAST),
    "long": Message("密码太长。最多 {most} 个字。", most=passwords.MOST),
    "plain": N_("这个密码太容易猜到。换一个别人想不到的，例如几个不相干的词。"),
}


def tidy(text: Any) -> Any:
    """Typed text without the white space around it and with half-width letters and digits."""
    return unicodedata.normalize("NFKC", text).strip() if isinstance(text, str) else text


def tidy_mobile(text: Any) -> Any:
    """A mobile number as 11 digits where that is what was meant: `+86 138-0013-8000`."""
    text = tidy(text)
    if not isinstance(text, str) or "@" in text:
        return text
    digits = text.replace(" ", "").replace("-", "").removeprefix("+86").removeprefix("0086")
    return digits if re.fullmatch(r"1\d{10}", digits) else text


def tidy_code(text: Any) -> Any:
    """Six digits, however they were grouped: `123 456`."""
    text = tidy(text)
    return text.replace(" ", "").replace("-", "") if isinstance(text, str) else text


class Required(DataRequired):
    """Something must be there; the message says what."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.field_flags: dict[str, bool] = {}  # the browser's own bubbles would speak another language and hide ours


class Email:
    """An address that mail can be sent to; no look-up."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ``StopValidation`` when it can't be an address, ``ValidationError`` when it is too long."""
        try:
            field.data = validate_email(field.data, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError:
            message = N_("这不像一个邮箱地址。请写全，例如 lin@qingwu.example。")
            raise StopValidation(message) from None
        if len(field.data) > 128:
            raise ValidationError(N_("邮箱地址太长，最多 128 个字。"))


class Mobile:
    """A mobile number of mainland China."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ``ValidationError`` when it is another number or none."""
        try:
            number = phonenumbers.parse(field.data, "CN")
        except phonenumbers.NumberParseException:
            number = None
        mobile = phonenumbers.PhoneNumberType.MOBILE
        if number is None or len(field.data) != 11 or phonenumbers.number_type(number) != mobile:
            raise ValidationError(N_("这不是能收短信的手机号。请写 11 位数字，例如 13800138000。"))


class NewPassword:
    """A password nobody guesses; ``form.address`` names the account's address, if it is known."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ``ValidationError`` with what to do instead."""
        found = passwords.problem(field.data or "", getattr(form, "address", ""))
        if found:
            raise ValidationError(PASSWORD_PROBLEMS[found])


def email_field(label: str = N_("邮箱")) -> Any:
    """The field of an e-mail address."""
    return StringField(label, [Required(N_("请写邮箱。")), Email()], filters=[tidy])


def new_password_field(label: str = N_("设一个登录密码")) -> Any:
    """The field of a new password."""
    return PasswordField(label, [Required(N_("请设一个密码。")), NewPassword()])


def code_field() -> Any:
    """The field of six digits."""
    wanted = N_("请写 6 位数字。")
    return StringField(N_("6 位数字"), [Required(wanted), Length(6, 6, wanted)], filters=[tidy_code])


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(N_("邮箱或手机号"), [Required(N_("请写邮箱或手机号。"))], filters=[tidy_mobile])
    password = PasswordField(N_("密码"), [Required(N_("请写密码。"))])


class CodeForm(FlaskForm):
    """Six digits: from a message or an authenticator."""

    code = code_field()


class EmailForm(FlaskForm):
    """An address."""

    email = email_field()


class RegistrationForm(FlaskForm):
    """What a host gives after opening the mailed link."""

    address = ""
    password = new_password_field()
    mobile = StringField(N_("手机号"), [Required(N_("请写手机号。")), Mobile()], filters=[tidy_mobile])


class NewPasswordForm(FlaskForm):
    """A new password, by mailed link."""

    address = ""
    password = new_password_field(N_("新密码"))


class ChangePasswordForm(FlaskForm):
    """A new password, by the old one."""

    address = ""
    current = PasswordField(N_("现在的密码"), [Required(N_("请写现在的密码。"))])
    password = new_password_field(N_("新密码"))


class ChangeEmailForm(FlaskForm):
    """Another address."""

    email = email_field(N_("新邮箱"))
    current = PasswordField(N_("现在的密码"), [Required(N_("请写现在的密码。"))])


class MobileForm(FlaskForm):
    """Another mobile number."""

    mobile = StringField(N_("手机号"), [Required(N_("请写手机号。")), Mobile()], filters=[tidy_mobile])


class FactorForm(FlaskForm):
    """The first code made with a new secret, and the password."""

    code = code_field()
    current = PasswordField(N_("现在的密码"), [Required(N_("请写现在的密码。"))])


class CurrentPasswordForm(FlaskForm):
    """The password, before something is taken away."""

    current = PasswordField(N_("现在的密码"), [Required(N_("请写现在的密码。"))])


class StaffForm(FlaskForm):
    """A member of the staff."""

    name = StringField(
        N_("姓名"), [Required(N_("请写姓名。")), Length(max=64, message=N_("最多 64 个字。"))], filters=[tidy]
    )
    role = SelectField(N_("角色"), choices=[SelectChoice(code, name) for code, name in ROLE_NAMES])
    place = StringField(N_("核验点"), [Length(max=64, message=N_("最多 64 个字。"))], filters=[tidy])


class NewStaffForm(StaffForm):
    """A new member of the staff."""

    email = email_field()


class FirstAdministratorForm(FlaskForm):
    """The first administrator gives everything at once."""

    name = StringField(
        N_("姓名"), [Required(N_("请写姓名。")), Length(max=64, message=N_("最多 64 个字。"))], filters=[tidy]
    )
    email = email_field()
    password = new_password_field()

    @property
    def address(self) -> str:
        """The address, which the password must not repeat."""
        return str(self.email.data or "")


class ButtonForm(FlaskForm):
    """A button and nothing else."""

    next = HiddenField()
