"""The subject (主体) and its principal, filing-domain § 2.4 and § 2.5."""

from __future__ import annotations

from icp.filings.forms.base import AnswerField, FilingForm
from icp.rules.correction import Context
from icp.vocabulary import Option
from icp.vocabulary.text import N_

PAPER = N_("证件")
ADDRESS = N_("地址")
MORE = N_("其他")
PERSON = N_("身份")
CONTACT = N_("联系方式")


class SubjectForm(FilingForm):
    """The host as recorded in the registry."""

    prefix_path = "subject"

    organisation_type = AnswerField(
        N_("单位性质"),
        kind="select",
        table="organisation_types",
        opens=True,
        group=PAPER,
        width="m",
        hint=N_("个体工商户也选“企业”。提交后不能从单位改成个人。"),
    )
    document_type = AnswerField(
        N_("证件类型"),
        kind="select",
        table="document_types",
        group=PAPER,
        width="l",
        follows=("subject.organisation_type",),
        hint=N_("先选单位性质，这里只列它可以用的证件。"),
    )
    document_number = AnswerField(
        N_("证件号码"),
        kind="code",
        group=PAPER,
        width="l",
        where=1,
        follows=("subject.organisation_type", "subject.document_type"),
        hint=N_("照证件逐字填写。统一社会信用代码和身份证号都是 18 位。"),
        example="91350100M000100Y43",
    )
    name = AnswerField(
        N_("主办单位或主办人名称"),
        group=PAPER,
        where=2,
        follows=("subject.organisation_type",),
        hint=N_("与证件上的全称一字不差，括号和“分公司”字样也要有；个人填本人姓名。"),
        example=N_("福州青梧文创有限公司"),
    )
    document_valid_from = AnswerField(N_("证件有效期开始"), kind="date", group=PAPER, width="m")
    document_valid_to = AnswerField(
        N_("证件有效期截止"),
        kind="validity",
        group=PAPER,
        width="m",
        follows=("subject.document_valid_from",),
        hint=N_("至少还有三个月。证件上没有写期限的，选“长期”。"),
    )
    region_code = AnswerField(
        N_("所属区域"), kind="region", opens=True, group=ADDRESS, hint=N_("与证件住所一致。省份决定由哪个管局审核。")
    )
    document_address = AnswerField(
        N_("证件住所"),
        group=ADDRESS,
        where=3,
        follows=("subject.region_code",),
        hint=N_("完整抄写证件上的地址，不要简写。"),
        example=N_("福建省福州市鼓楼区示例路18号青梧大厦6层602室"),
    )
    mailing_address = AnswerField(
        N_("通信地址"),
        group=ADDRESS,
        follows=("subject.region_code",),
        hint=N_("能收到信的地方，省市区已选，只写街道以后的部分，到门牌和房间号。"),
        example=N_("示例路18号青梧大厦6层602室"),
    )
    supervisor = AnswerField(
        N_("投资人或主管单位"),
        group=MORE,
        width="l",
        follows=("subject.organisation_type", "subject.name"),
        hint=N_("企业填投资人或法定代表人的姓名，事业单位填主管单位，个人填本人姓名。"),
        example=N_("林知夏"),
    )
    legal_representative__name = AnswerField(
        N_("法定代表人姓名"),
        group=MORE,
        width="m",
        optional=True,
        follows=("subject.organisation_type", "subject.region_code"),
        hint=N_("只有主体负责人不是法定代表人时才填。"),
    )
    legal_representative__document_number = AnswerField(
        N_("法定代表人证件号码"),
        kind="code",
        group=MORE,
        width="l",
        optional=True,
        follows=("subject.legal_representative.name",),
    )
    remark = AnswerField(
        N_("备注"), kind="area", group=MORE, optional=True, hint=N_("本省要求说明的事写在这里，200 字以内。")
    )

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """Documents depend on the type of organisation (``id_types``, column 单位性质)."""
        if name == "document_type":
            documents: tuple[Option, ...] = context.vocabulary.document_types_for(
                context.text("subject.organisation_type")
            )
            return documents
        return super().options(name, context)


class PrincipalForm(FilingForm):
    """A person answerable (负责人); used for the subject and for each website."""

    prefix_path = "subject.principal"

    name = AnswerField(
        N_("负责人姓名"),
        group=PERSON,
        width="m",
        hint=N_("多数省份要求是法定代表人；个人备案就是本人。"),
        example=N_("林知夏"),
    )
    document_type = AnswerField(N_("负责人证件类型"), kind="select", table="document_types", group=PERSON, width="l")
    document_number = AnswerField(
        N_("负责人证件号码"),
        kind="code",
        group=PERSON,
        width="l",
        follows=(".document_type",),
        example="11010519491231002X",
    )
    document_valid_from = AnswerField(N_("证件有效期开始"), kind="date", group=PERSON, width="m")
    document_valid_to = AnswerField(
        N_("证件有效期截止"),
        kind="validity",
        group=PERSON,
        width="m",
        follows=(".document_valid_from",),
        hint=N_("至少还有三个月。"),
    )
    mobile = AnswerField(
        N_("联系方式 1（手机号）"),
        kind="code",
        group=CONTACT,
        width="m",
        hint=N_("11 位，审核时会打这个号码，请保持畅通。"),
        example="13900000000",
    )
    landline = AnswerField(
        N_("联系方式 2（办公电话）"),
        kind="code",
        group=CONTACT,
        width="m",
        follows=("subject.organisation_type", "subject.region_code", ".mobile"),
        hint=N_("区号-号码，单位必填。"),
        example="0591-87654321",
    )
    emergency_phone = AnswerField(
        N_("应急联系电话"),
        kind="code",
        group=CONTACT,
        width="m",
        follows=("subject.region_code", ".mobile"),
        hint=N_("另一个能联系到负责人的手机号，不能与上面的手机号相同。"),
        example="13600000000",
    )
    email = AnswerField(
        N_("电子邮箱"),
        kind="code",
        group=CONTACT,
        width="l",
        hint=N_("管局把备案号和备案密码寄到这里。"),
        example="lin@qingwu.example",
    )
    reachable_hours = AnswerField(
        N_("可联系时间"), group=CONTACT, width="l", optional=True, hint=N_("审核员只打一两次电话，告诉我们何时方便。")
    )

    @classmethod
    def options(cls, name: str, context: Context) -> tuple[Option, ...]:
        """Personal documents only."""
        if name == "document_type":
            documents: tuple[Option, ...] = context.vocabulary.principal_document_types()
            return documents
        return super().options(name, context)
