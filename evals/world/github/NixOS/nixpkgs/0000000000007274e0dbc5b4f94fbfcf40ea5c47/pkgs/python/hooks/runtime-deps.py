"""Compares the requirements of a wheel with the packages that the interpreter finds, and names each that is missing or too old."""

import importlib.metadata
import sys
import zipfile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def requirements(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode("utf-8").split("\n\n", 1)[0].splitlines()
    return [Requirement(line.removeprefix("Requires-Dist: ")) for line in lines if line.startswith("Requires-Dist: ")]


def problem(wanted):
    if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
        return None
    name = canonicalize_name(wanted.name)
    try:
        found = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{name} not installed"
    if wanted.specifier.contains(found, prereleases=True):
        return None
    return f"{name}{wanted.specifier} not satisfied by version {found}"


problems = [text for text in map(problem, requirements(sys.argv[1])) if text]
for text in problems:
    print(f"  - {text}", file=sys.stderr)
sys.exit(1 if problems else 0)
