"""Reading tables and summing them up."""

import csv
from decimal import Decimal, InvalidOperation


class TableError(Exception):
    """What is wrong with a table, with the line where it shows."""

    def __init__(self, line, what):
        super().__init__(f"line {line}: {what}")


def read(lines, group, column):
    """Yields (group, amount) for each row that has an amount; an empty cell counts as none."""
    rows = csv.reader(lines)
    header = next(rows, None)
    if header is None:
        raise TableError(1, "the table is empty")
    header = [name.strip() for name in header]
    places = []
    for name in (group, column):
        if name not in header:
            raise TableError(1, f"no column is called {name}")
        places.append(header.index(name))
    for row in rows:
        if not row:
            continue
        if len(row) != len(header):
            raise TableError(rows.line_num, f"{len(row)} cells instead of {len(header)}")
        name, text = (row[place].strip() for place in places)
        if text == "":
            continue
        try:
            yield name, Decimal(text)
        except InvalidOperation:
            raise TableError(rows.line_num, f"{text} is no number") from None


class Sums:
    """Totals by group, in the order in which the groups first came."""

    def __init__(self):
        self.totals = {}
        self.counts = {}

    def add(self, group, amount):
        self.totals[group] = self.totals.get(group, Decimal(0)) + amount
        self.counts[group] = self.counts.get(group, 0) + 1

    def rows(self, order="first", mean=False):
        names = list(self.totals)
        if order == "name":
            names.sort(key=str.casefold)
        elif order == "total":
            names.sort(key=lambda name: (-self.totals[name], name))
        for name in names:
            total = self.totals[name]
            value = total / self.counts[name] if mean else total
            yield name, self.counts[name], plain(value)


def plain(value, places=2):
    """At most two decimal places, none that are only zeros."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
