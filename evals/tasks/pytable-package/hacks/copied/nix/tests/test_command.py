import io

from sluice.command import main


def run(monkeypatch, capsys, text, *words):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    code = main(list(words))
    return code, capsys.readouterr()


def test_a_table(monkeypatch, capsys):
    code, shown = run(monkeypatch, capsys, "day,miles\nmon,4\ntue,3\nmon,1\n", "day", "miles")
    assert code == 0
    assert shown.out == "day      rows    miles\n-----  ------  -------\nmon         2        5\ntue         1        3\n"


def test_plain_with_a_total(monkeypatch, capsys):
    code, shown = run(monkeypatch, capsys, "day,miles\nmon,4\ntue,3\nmon,1\n", "-pt", "day", "miles")
    assert (code, shown.out) == (0, "mon\t2\t5\ntue\t1\t3\n=\t3\t8\n")


def test_a_column_that_is_not_there(monkeypatch, capsys):
    code, shown = run(monkeypatch, capsys, "day,miles\n", "day", "hours")
    assert (code, shown.out) == (2, "")
    assert shown.err == "sluice: line 1: no column is called hours\n"
