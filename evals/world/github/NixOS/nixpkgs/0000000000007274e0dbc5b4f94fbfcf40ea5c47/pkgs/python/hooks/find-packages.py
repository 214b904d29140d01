"""Gives a script its search path: SCRIPT PATH. The line goes behind the docstring and the imports from __future__, where the language lets it."""

import ast
import os
import sys

script, path = sys.argv[1:]
with open(script, encoding="utf-8") as file:
    text = file.read()
body = ast.parse(text).body
head = 0
for index, node in enumerate(body):
    documents = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if not documents and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
        break
    head = node.end_lineno
lines = text.split("\n")
while head < len(lines) and lines[head].startswith("#"):
    head += 1
places = [place for place in path.split(":") if place]
line = (
    f"import sys, site, functools; sys.argv[0] = {os.path.basename(script)!r}; "
    f"functools.reduce(lambda known, place: site.addsitedir(place, known), {places!r}, site._init_pathinfo())"
)
lines.insert(head, line)
with open(script, "w", encoding="utf-8") as file:
    file.write("\n".join(lines))
