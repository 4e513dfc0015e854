"""What a declaration of an operation says; wizard, checks, review, printed form and XML all follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from icp.filings.answers import Answers
from icp.filings.forms.base import AnswerField, FilingForm, specs_of
from icp.filings.paths import in_row, type_path
from icp.rules.correction import Value
from icp.vocabulary import Vocabulary
from icp.vocabulary.text import N_


@dataclass(frozen=True)
class Part:
    """A form within a step. ``rows`` names the field whose chosen codes are the part's rows, '' for none.

    ``shown`` tells whether the part is asked at all for these answers and this row.
    """

    form: type[FilingForm]
    rows: str = ""


@dataclass(frozen=True)
class Step:
    """One section of the task list.

    Attributes:
        name: in addresses and links.
        title: what people read.
        lead: one sentence under the title.
        parts: its forms, in order; empty for papers, check and submit.
        repeat: the group whose rows repeat the step (`website`), '' for none.
        grows: whether rows may be added and removed; False where they are what is on record.
        told: whether it only tells what is on record, and asks nothing.
    """

    name: str
    title: str
    lead: str
    parts: tuple[Part, ...] = ()
    repeat: str = ""
    grows: bool = True
    told: bool = False


@dataclass(frozen=True)
class PaperSlot:
    """A paper that belongs to a filing.

    Attributes:
        path: instance path of the slot.
        label: what people read.
        hint: how to photograph or where to get it.
        required: whether submission waits for it.
        purpose: the bureau's code of the attachment's purpose, '' when the paper stays with the provider.
        because: why this host needs it, when not everybody does.
    """

    path: str
    label: str
    hint: str
    required: bool = True
    purpose: str = ""
    because: str = ""


COMMISSION = PaperSlot(
    "subject.papers.commission",
    N_("委托书"),
    N_("委托我们代办的书面委托：单位加盖公章，个人手写签名；写明办什么、为哪个主体。"),
    because=N_("这份由我们代为备案。"),
)
OTHERS = {
    "filing": N_("整份申请"),
    "filing_password": N_("备案密码"),
    "website": N_("网站"),
    "website.access": N_("接入"),
    "subject": N_("主体"),
    "cancellation": N_("注销理由"),
}
"""What corrections may stand at besides fields and papers."""
DECLARED = N_("以上内容真实，与证件一致；网站在备案通过前不开通，通过后有变化会及时变更。")


@dataclass(frozen=True)
class Operation:
    """One of the six operations (业务类型).

    Attributes:
        code: `new_filing`.
        label: what people read.
        steps: the wizard.
        slots: the slots of its papers for these answers; see ``papers``.
        visits: rows of the websites whose principal is met in person, for these answers; none: no visit at all.
        password: whether the filing password is asked.
        upload_group: element of the upload (`XZBA`), with the bureau's operation type in ``operation_type``.
        operation_type: 操作类型 (Czlx) in results.
        register_effect: what approval does to the register: record, replace, add_access, add_website, remove_…
        begins: what it starts from: `nothing`; a `record` with access here; a `number` that may be unknown here.
        by_staff_only: whether only the provider may begin it.
    """

    code: str
    label: str
    steps: tuple[Step, ...]
    slots: Callable[[Answers, Vocabulary], list[PaperSlot]]
    visits: Callable[[Answers], list[str]]
    password: bool
    upload_group: str
    operation_type: str
    register_effect: str
    begins: str = "nothing"
    by_staff_only: bool = False
    one_at_a_time: bool = False
    """Whether a subject can't have two under way: the second is refused and not queued (1017, 1027)."""
    access_here: str = ""
    """What has to have access here, since the bureau takes it only from the access provider (1048): `one` of the
    subject's websites, `each` website it is about; '' for nothing."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Type path → why this answer stays as it is on record (marked text)."""
    row_presets: Callable[[Answers], dict[str, Value]] = field(default=lambda answers: {})
    """Type path → value that a new row begins with, where the page doesn't ask."""
    declaration: str = DECLARED
    """What the host declares when submitting (marked text)."""
    confirm: str = ""
    """Type path of the number that has to be typed before submission, since nothing brings the record back."""
    partial: bool = False
    """Whether only what differs from the record is judged and asked papers for."""
    paper_labels: Mapping[str, str] = field(default_factory=dict)
    """Type path → label of every paper the operation knows, for marks and letters."""
    hidden: Callable[[str, Answers], bool] = field(default=lambda path, answers: False)
    """Whether an answer isn't asked for in these answers (the same principal, the same access)."""

    @property
    def ends_subject(self) -> bool:
        """Whether nothing of the subject is left, so that nothing can follow (1042, 1043)."""
        return self.register_effect == "remove_subject"

    def papers(self, answers: Answers, vocabulary: Vocabulary) -> list[PaperSlot]:
        """The papers that belong to these answers; where staff act for the host, his signed commission before them."""
        commissioned = answers.on_behalf and not self.by_staff_only
        return [COMMISSION] * commissioned + self.slots(answers, vocabulary)

    def step(self, name: str) -> Step:
        """The step called ``name``.

        Raises:
            KeyError: there is none.
        """
        return {step.name: step for step in self.steps}[name]

    @cached_property
    def fields(self) -> dict[str, tuple[Step, type[FilingForm], AnswerField]]:
        """Type path → its step, form and field; where one step tells and another asks the same, the one that asks."""
        return {
            path: (step, part.form, field)
            for step in sorted(self.steps, key=lambda step: not step.told)
            for part in step.parts
            for path, field in specs_of(part.form).items()
        }

    def has_field(self, path: str) -> bool:
        """Whether ``path`` names an answer of this operation."""
        return type_path(path) in self.fields

    def label_of(self, path: str) -> str:
        """What people call the field at ``path`` (marked text); the path itself for an unknown one."""
        found = self.fields.get(type_path(path))
        return found[2].label.text if found else path

    def label_of_paper(self, path: str) -> str:
        """What people call the paper at ``path``, or what else is no field (marked text); the path itself for an
        unknown one."""
        kind = type_path(path)
        return self.paper_labels.get(kind) or OTHERS.get(kind, path)

    def is_fixed(self, path: str, answers: Answers) -> bool:
        """Whether the answer stands on record and can't be changed by this operation."""
        return type_path(path) in self.fixed and bool(answers.was(path))

    def asks(self, path: str) -> bool:
        """Whether ``path`` names an answer that this operation asks for, not only tells."""
        found = self.fields.get(type_path(path))
        return found is not None and not found[0].told

    def paths_of(self, answers: Answers, step: Step, row: str = "", *, everything: bool = False) -> list[str]:
        """Instance paths of a step's fields in the order of the page; hidden ones only when ``everything``.

        A step that only tells has those that there is something to tell of.
        """
        found = _instances(answers, step, row)
        return list(found) if everything and not step.told else list(self._shown(answers, step, found))

    def _shown(self, answers: Answers, step: Step, paths: Iterable[str]) -> Iterator[str]:
        if step.told:
            return (path for path in paths if answers.was(path))
        return (path for path in paths if not self.hidden(path, answers))

    def all_paths(self, answers: Answers, *, told: bool = True) -> list[str]:
        """Instance paths of every answer of the filing; with ``told`` also of those that are only told."""
        found: list[str] = []
        for step in self.steps:
            if told or not step.told:
                for row in answers.rows(step.repeat) if step.repeat else [""]:
                    found += self.paths_of(answers, step, row)
        return found

    def sections(self, answers: Answers) -> list[tuple[Step, str]]:
        """The steps with something to fill in, each with its row, in the order of the task list."""
        return [
            (step, row)
            for step in self.steps
            if step.parts and not step.told
            for row in (answers.rows(step.repeat) if step.repeat else [""])
            if next(self._shown(answers, step, _instances(answers, step, row)), "")
        ]


def _instances(answers: Answers, step: Step, row: str) -> Iterator[str]:
    for part in step.parts:
        for path in part.form.names():
            instance = in_row(path, step.repeat, row) if step.repeat else path
            if part.rows:
                group = in_row(part.rows, step.repeat, row) if step.repeat else part.rows
                yield from (in_nested(instance, group, code) for code in answers.rows(group))
            else:
                yield instance


def in_nested(path: str, group: str, code: str) -> str:
    """The instance path of a field in the row ``code`` of a nested group (`website[w1].pre_approvals`)."""
    return f"{group}[{code}]{path[len(group) :]}"
