package report

import (
	"strings"
	"testing"

	"example.org/tidelog/internal/readings"
)

func TestTable(t *testing.T) {
	stations, err := readings.Read(strings.NewReader("weir 10\n"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Write(&out, stations, Table, 0); err != nil {
		t.Fatal(err)
	}
	want := "station  low  high  mean  readings\n-------  ---  ----  ----  --------\nweir     10   10    10    1\n"
	if out.String() != want {
		t.Fatalf("got\n%swant\n%s", out.String(), want)
	}
}
