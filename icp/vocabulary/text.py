"""Text that is written once in Chinese and read in the reader's language."""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:
    """Mark a text for the catalogs without translating it here."""
    return text


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
        """What ``as_json`` gave: a ``Message`` again; a plain text stays one."""
        if not isinstance(said, dict):
            return str(said)
        parts = {name: cls.kept(v) if isinstance(v, dict) else v for name, v in said["values"].items()}
        return cls(said["template"], **parts)

    def as_json(self) -> Any:
        """The sentence for keeping: its template and values, or the text alone where it has none."""
        if not self.values:
            return str(self)
        parts = {name: v.as_json() if isinstance(v, Message) else v for name, v in self.values.items()}
        return {"template": self.template, "values": parts}
