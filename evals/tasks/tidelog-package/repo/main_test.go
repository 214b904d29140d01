package main

import (
	"errors"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run([]string{"--csv", "--places=1"}, strings.NewReader("pier 2\npier 3\n"), &out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "pier,2.0,3.0,2.5,2\n"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--tide"}, {"week.txt"}, {"--places=7"}} {
		if err := run(args, strings.NewReader(""), &strings.Builder{}); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
