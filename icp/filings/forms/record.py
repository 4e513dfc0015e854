"""What is already on record: its numbers, and why it is to be cancelled (filing-domain § 2.4, § 2.6, § 3.6)."""

from __future__ import annotations

from icp.filings.forms.base import AnswerField, FilingForm
from icp.vocabulary.text import N_

RECORD = N_("备案号")
SITE = N_("网站")
WHY = N_("注销理由")
WHY_ACCESS = N_("取消接入的理由")


class SubjectNumberForm(FilingForm):
    """The number of a subject on record."""

    prefix_path = "subject"

    filing_number = AnswerField(
        N_("主体备案号"),
        kind="code",
        group=RECORD,
        width="l",
        hint=N_("在管局的来信、网站底部或工信部网站上都能查到。"),
        example="闽ICP备12345678号",
    )


class RecordForm(SubjectNumberForm):
    """A subject that is on record, but perhaps not with this provider."""

    organisation_type = AnswerField(
        N_("单位性质"),
        kind="select",
        table="organisation_types",
        group=RECORD,
        width="m",
        hint=N_("登记的主体是单位还是个人。个体工商户也选“企业”。"),
    )


class WebsiteNumberForm(FilingForm):
    """The number of a website on record."""

    prefix_path = "website"

    filing_number = AnswerField(
        N_("网站备案号"),
        kind="code",
        group=SITE,
        width="l",
        follows=("subject.filing_number",),
        hint=N_("主体备案号后面加“-数字”。"),
        example="闽ICP备12345678号-1",
    )


class WebsiteOnRecordForm(WebsiteNumberForm):
    """A website that is on record: only what tells it apart."""

    name = AnswerField(N_("网站名称"), group=SITE, hint=N_("照备案时登记的填写。"), example=N_("青梧文创手作馆"))
    domain = AnswerField(
        N_("域名"),
        kind="code",
        group=SITE,
        width="l",
        hint=N_("照备案时登记的填写，不带 www。"),
        example="qingwu.example",
    )


def _reason(label: str) -> AnswerField:
    return AnswerField(label, kind="select", table="cancel_reasons", group=label, width="m")


def _remark(group: str) -> AnswerField:
    return AnswerField(
        N_("补充说明"),
        kind="area",
        group=group,
        optional=True,
        follows=("cancellation.reason",),
        hint=N_("理由选“其他”时，写一两句话说明。"),
    )


class CancellationForm(FilingForm):
    """Why a record is to be cancelled (注销理由)."""

    prefix_path = "cancellation"

    reason = _reason(WHY)
    remark = _remark(WHY)


class AccessEndForm(FilingForm):
    """Why the provider ends an access: the same answers, asked of the provider."""

    prefix_path = "cancellation"

    reason = _reason(WHY_ACCESS)
    remark = _remark(WHY_ACCESS)
