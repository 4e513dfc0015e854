"""Text that is written once in Chinese and read in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def N_(text: str) -> str:
    """Mark a text for the catalogs without translating it here."""
    return text


class Term(str):
    """What a code table calls something: the Chinese name, which remembers the English one.

    Tables are replaced by the bureau's, so their names are in no catalog.
    """

    english: str

    def __new__(cls, chinese: str, english: str) -> Term:
        """Keep both names."""
        term = super().__new__(cls, chinese)
        term.english = english
        return term

    @classmethod
    def listed(cls, terms: Iterable[Term]) -> Term:
        """Several names as one, as either language lists them."""
        terms = tuple(terms)
        return cls("、".join(terms), ", ".join(term.english for term in terms))

    def as_json(self) -> Any:
        """Both names, for keeping."""
        return {"zh": str(self), "en": self.english}


class Message(str):
    """A sentence in Chinese that remembers its template, so that it can be said in another language.

    ``Message("有效期不足 {months} 个月", months=3)`` is the Chinese sentence; the template and the values stay
    readable as ``template`` and ``values``.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Message:
        """Fill the template's ``{names}`` with ``values``; a template without values is taken as it stands."""
        sentence = super().__new__(cls, template.format(**values) if values else template)
        sentence.template = template
        sentence.values = values
        return sentence

    @classmethod
    def kept(cls, said: Any) -> str:
        """What ``as_json`` gave: a ``Message`` again, or a ``Term``; a plain text stays one."""
        if not isinstance(said, dict):
            return str(said)
        if "zh" in said:
            return Term(said["zh"], said["en"])
        parts = {name: cls.kept(v) if isinstance(v, dict) else v for name, v in said["values"].items()}
        return cls(said["template"], **parts)

    def as_json(self) -> Any:
        """The sentence for keeping: its template and values, or the text alone where it has none."""
        if not self.values:
            return str(self)
        return self._in_parts()

    def _in_parts(self) -> Any:
        parts: dict[str, Any] = {}
        for name, value in self.values.items():
            if isinstance(value, Message):
                parts[name] = value._in_parts()  # also one without values: only a ``Message`` is said in a sentence
            else:
                parts[name] = value.as_json() if isinstance(value, Term) else value
        return {"template": self.template, "values": parts}
