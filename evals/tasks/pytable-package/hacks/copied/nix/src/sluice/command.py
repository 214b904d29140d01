"""The command line."""

import argparse
import sys

from tabulate import tabulate

from . import __version__
from .table import Sums, TableError, plain, read


def arguments(words):
    parser = argparse.ArgumentParser(prog="sluice", description="Sums up a column of comma-separated tables by group.")
    parser.add_argument("group", help="the column that names the group")
    parser.add_argument("column", help="the column that is summed up")
    parser.add_argument("files", nargs="*", help="tables; the standard input where none is named")
    parser.add_argument("-o", "--order", choices=["first", "name", "total"], default="first")
    parser.add_argument("-m", "--mean", action="store_true", help="the mean instead of the sum")
    parser.add_argument("-t", "--total", action="store_true", help="a last row over all groups")
    parser.add_argument("-p", "--plain", action="store_true", help="cells between tabs, without a header")
    parser.add_argument("-V", "--version", action="version", version=f"sluice {__version__}")
    return parser.parse_args(words)


def collect(options):
    sums = Sums()
    if not options.files:
        for group, amount in read(sys.stdin, options.group, options.column):
            sums.add(group, amount)
    for path in options.files:
        with open(path, newline="", encoding="utf-8") as file:
            try:
                for group, amount in read(file, options.group, options.column):
                    sums.add(group, amount)
            except TableError as error:
                raise TableError(*split(path, error)) from None
    return sums


def split(path, error):
    line, _, what = str(error).removeprefix("line ").partition(": ")
    return f"{line} of {path}", what


def main(words=None):
    options = arguments(words)
    try:
        sums = collect(options)
    except (TableError, OSError) as error:
        print(f"sluice: {error}", file=sys.stderr)
        return 2
    rows = [list(row) for row in sums.rows(options.order, options.mean)]
    if not rows:
        print("sluice: no row has an amount", file=sys.stderr)
        return 1
    if options.total:
        count = sum(sums.counts.values())
        total = sum(sums.totals.values())
        rows.append(["=", count, plain(total / count if options.mean else total)])
    if options.plain:
        for row in rows:
            print("\t".join(str(cell) for cell in row))
    else:
        heads = [options.group, "rows", "mean" if options.mean else options.column]
        print(tabulate(rows, headers=heads, disable_numparse=True, colalign=("left", "right", "right")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
