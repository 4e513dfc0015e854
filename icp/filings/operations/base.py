"""What a declaration of an operation says; wizard, checks, review, printed form and XML all follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from icp.filings.answers import Answers
from icp.filings.forms.base import AnswerField, FilingForm, specs_of
from icp.filings.paths import in_row, type_path
from icp.vocabulary import Vocabulary


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
    """

    name: str
    title: str
    lead: str
    parts: tuple[Part, ...] = ()
    repeat: str = ""


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


@dataclass(frozen=True)
class Operation:
    """One of the six operations (业务类型).

    Attributes:
        code: `new_filing`.
        label: what people read.
        steps: the wizard.
        papers: the slots for these answers.
        visit: whether the website's principal is met in person.
        password: whether the filing password is asked.
        upload_group: element of the upload (`XZBA`), with the bureau's operation type in ``operation_type``.
        operation_type: 操作类型 (Czlx) in results.
        register_effect: what approval does to the register: record, replace, add_access, add_website, remove_…
    """

    code: str
    label: str
    steps: tuple[Step, ...]
    papers: Callable[[Answers, Vocabulary], list[PaperSlot]]
    visit: bool
    password: bool
    upload_group: str
    operation_type: str
    register_effect: str
    paper_labels: Mapping[str, str] = field(default_factory=dict)
    """Type path → label of every paper the operation knows, for marks and letters."""
    hidden: Callable[[str, Answers], bool] = field(default=lambda path, answers: False)
    """Whether an answer isn't asked for in these answers (the same principal, the same access)."""

    def step(self, name: str) -> Step:
        """The step called ``name``.

        Raises:
            KeyError: there is none.
        """
        return {step.name: step for step in self.steps}[name]

    @cached_property
    def fields(self) -> dict[str, tuple[Step, type[FilingForm], AnswerField]]:
        """Type path → its step, form and field."""
        return {
            path: (step, part.form, field)
            for step in self.steps
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
        """What people call the paper at ``path`` (marked text); the path itself for an unknown one."""
        return self.paper_labels.get(type_path(path), path)

    def paths_of(self, answers: Answers, step: Step, row: str = "", *, everything: bool = False) -> list[str]:
        """Instance paths of a step's fields in the order of the page; hidden ones only when ``everything``."""
        found: list[str] = []
        for part in step.parts:
            for path in part.form.names():
                instance = in_row(path, step.repeat, row) if step.repeat else path
                if part.rows:
                    group = in_row(part.rows, step.repeat, row) if step.repeat else part.rows
                    found += [in_nested(instance, group, code) for code in answers.rows(group)]
                else:
                    found.append(instance)
        return [path for path in found if everything or not self.hidden(path, answers)]

    def all_paths(self, answers: Answers) -> list[str]:
        """Instance paths of every answer the filing asks for."""
        found: list[str] = []
        for step in self.steps:
            for row in answers.rows(step.repeat) if step.repeat else [""]:
                found += self.paths_of(answers, step, row)
        return found


def in_nested(path: str, group: str, code: str) -> str:
    """The instance path of a field in the row ``code`` of a nested group (`website[w1].pre_approvals`)."""
    return f"{group}[{code}]{path[len(group) :]}"
