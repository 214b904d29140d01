package readings

import (
	"os"
	"strings"
	"testing"
)

func TestReadWeek(t *testing.T) {
	file, err := os.Open("testdata/week.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stations, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(stations) != 2 || stations[0].Name != "lock" || stations[1].Tide.High.Value != 4.25 {
		t.Fatalf("%+v", stations)
	}
	if kept := Only(stations, "pier"); len(kept) != 1 || kept[0].Tide.Seen != 3 {
		t.Fatalf("%+v", kept)
	}
}

func TestReadMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"pier 1\npier\n":    "line 2: want a station and a level, got 1 words",
		"pier one\n":        `line 1: "one" is no level`,
		"#\n\npier 1 2 3\n": "line 3: want a station and a level, got 4 words",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
