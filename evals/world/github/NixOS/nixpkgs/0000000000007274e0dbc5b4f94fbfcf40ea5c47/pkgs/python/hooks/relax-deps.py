"""Rewrites the requirements in a wheel: WHEEL RELAXED REMOVED, the lists with blanks between, or 1 for all."""

import base64
import hashlib
import re
import sys
import zipfile

wheel, relaxed, removed = sys.argv[1:]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def named(names, name):
    return names == "1" or canonical(name) in map(canonical, names.split())


def rewritten(text):
    head, blank, body = text.partition("\n\n")
    lines = []
    for line in head.split("\n"):
        found = re.match(r"Requires-Dist: (?P<name>[A-Za-z0-9_.-]+)\s*(?P<extras>\[[^]]*\])?[^;]*(?P<marker>;.*)?$", line)
        if found and named(removed, found["name"]):
            continue
        if found and named(relaxed, found["name"]):
            line = f"Requires-Dist: {found['name']}{found['extras'] or ''}{found['marker'] or ''}"
        lines.append(line)
    return "\n".join(lines) + blank + body


with zipfile.ZipFile(wheel) as archive:
    entries = [(info, archive.read(info)) for info in archive.infolist()]
changed = {}
for index, (info, content) in enumerate(entries):
    if info.filename.endswith(".dist-info/METADATA"):
        content = rewritten(content.decode("utf-8")).encode("utf-8")
        entries[index] = (info, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        changed[info.filename] = f"{info.filename},sha256={digest},{len(content)}"
for index, (info, content) in enumerate(entries):
    if info.filename.endswith(".dist-info/RECORD"):
        lines = [changed.get(line.split(",")[0], line) for line in content.decode("utf-8").split("\n")]
        entries[index] = (info, "\n".join(lines).encode("utf-8"))
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
    for info, content in entries:
        archive.writestr(info, content)
