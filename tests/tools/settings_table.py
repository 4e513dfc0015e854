"""``make settings``: writes the table of settings into the README, from ``icp.settings``."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from icp.settings import ROOT, Settings

README = ROOT / "README.md"
BEGIN, END = "<!-- settings: made by `make settings` -->", "<!-- end of settings -->"


def table() -> str:
    """The settings as Markdown, in the order of the module."""
    lines = ["| variable | default | what for |", "|---|---|---|"]
    for item in fields(Settings):
        default = item.default
        if isinstance(default, Path):
            shown = f"`{default.relative_to(ROOT)}/`"
        elif item.metadata.get("secret") and default:
            shown = "(embedded, for development)"
        else:
            shown = f"`{default}`" if str(default) else ""
        lines.append(f"| `ICP_{item.name.upper()}` | {shown} | {item.metadata['doc']} |")
    return "\n".join(lines)


def written(readme: str) -> str:
    """The README's text with the table as it should be."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
