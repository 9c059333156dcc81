"""What a folder with the program carries: its packages and what they need, their licences, the bill of materials."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from obhvat.errors import ObhvatError
from obhvat.resources import read_text

LOCK = "deploy/windows/requirements.txt"
PYTHON = "3.13"
# What the markers of requirements ask about, for the folder and not for the machine that makes it.
WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "win32",
}
_LINE = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})$", re.M)
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|authors)", re.I)


def locked() -> dict[str, tuple[str, str]]:
    """The version and the SHA-256 of the wheel of each package of the folder, by its normalised name."""
    return {canonicalize_name(m["name"]): (m["version"], m["sha256"]) for m in _LINE.finditer(read_text(LOCK))}


def needs(lines: Iterable[str] | None, extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """What a package requires on Windows, of the lines of its metadata."""
    for line in lines or []:
        requirement = Requirement(line)
        environments = [WINDOWS | {"extra": extra} for extra in ("", *extras)]
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
            yield requirement


def carried(packages: Path) -> list[Distribution]:
    """The packages of a folder, by name."""
    return sorted(distributions(path=[str(packages)]), key=lambda of: canonicalize_name(of.name))


def unmet(packages: Path) -> list[str]:
    """What the packages of a folder require and do not find in it."""
    there = {canonicalize_name(of.name): of.version for of in carried(packages)}
    return [
        f"{of.name}: {requirement}"
        for of in carried(packages)
        for requirement in needs(of.requires)
        if not requirement.specifier.contains(there.get(canonicalize_name(requirement.name), ""), prereleases=True)
    ]


def licence(of: Distribution) -> str:
    """The licence a package declares, in the words of its metadata. Raises ObhvatError when it declares none."""
    metadata = of.metadata.json
    if expression := metadata.get("license_expression"):
        return str(expression)
    classifiers = [c.rpartition(" :: ")[2] for c in metadata.get("classifier", ()) if c.startswith("License ::")]
    short = str(metadata.get("license", "")).strip().partition("\n")[0]
    if named := (", ".join(c for c in classifiers if c != "OSI Approved") or short):
        return named
    raise ObhvatError(f"Пакетът {of.name} не казва лиценза си: без него папката не се дава на никого.")


def licences(packages: Path, python: str) -> str:
    """One text: what is carried under which licence, then the texts themselves. `python` is the text of CPython's."""
    listed, texts = [], []
    for of in carried(packages):
        listed.append(f"{of.name} {of.version}: {licence(of)}")
        files = [file for file in of.files or [] if ".dist-info" in str(file) and _TEXTS.search(file.name)]
        texts += [
            _part(f"{of.name} {of.version}: {file.name}", file.read_binary().decode("utf-8", "replace"))
            for file in files
        ]
    font = (packages / "obhvat" / "reports" / "fonts" / "OFL.txt").read_text("utf-8")
    head = "Папката носи програмата обхват, Python и тези пакети, всеки под своя лиценз. Текстовете са под списъка."
    parts = [_part("Python", python), _part("Source Sans 3", font), *texts]
    return "\n".join([head, "", "Python: PSF-2.0", "Source Sans 3: OFL-1.1", *listed, "", *parts])


def _part(title: str, text: str) -> str:
    return f"{'=' * 100}\n{title}\n{'=' * 100}\n{text.strip()}\n"


def bill_of_materials(packages: Path, python: dict[str, Any]) -> str:
    """The bill of materials in CycloneDX 1.6: every package with its wheel's hash, its licence and what it depends on.

    `python` is the component of the interpreter. The same folder gives the same text.
    """
    references = {canonicalize_name(of.name): _reference(of) for of in carried(packages)}
    hashes = locked()

    def component(of: Distribution) -> dict[str, Any]:
        name = canonicalize_name(of.name)
        kind = {"type": "application"} if name == "obhvat" else {"type": "library"}
        known = {"hashes": [{"alg": "SHA-256", "content": hashes[name][1]}]} if name in hashes else {}
        which = {"bom-ref": references[name], "name": of.name, "version": of.version, "purl": references[name]}
        return kind | which | known | {"licenses": [_licence_of_component(of)]}

    components = [component(of) for of in carried(packages)]
    [program] = [one for one in components if one["type"] == "application"]
    depends = [
        {
            "ref": references[canonicalize_name(of.name)],
            "dependsOn": sorted(
                {references[canonicalize_name(requirement.name)] for requirement in needs(of.requires)}
            ),
        }
        for of in carried(packages)
    ]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": program},
        "components": [python, *(one for one in components if one is not program)],
        "dependencies": depends,
    }
    return json.dumps(bill, ensure_ascii=False, indent=2) + "\n"


def _reference(of: Distribution) -> str:
    return f"pkg:pypi/{canonicalize_name(of.name)}@{of.version}"


def _licence_of_component(of: Distribution) -> dict[str, Any]:
    if expression := of.metadata.json.get("license_expression"):
        return {"expression": expression}
    return {"license": {"name": licence(of)}}
