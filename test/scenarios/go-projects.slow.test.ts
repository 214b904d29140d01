import { describe, expect, it } from "vitest";
import { findHost } from "../../src/system/environment/host.ts";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** Programs in Go, from one sentence to a branch that Nix has built. */

/** The world copies this machine's Go; one without is tested with the rest. */
const hasGo = (await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" })).toolchain.go !== undefined;

const WISH = "nixify this project";

async function draftAndApply(at: Place, repo: string) {
  const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
  expect(drafted.document, drafted.about).toMatchObject({ ok: true });
  await commitAll(repo, "ask for a flake");
  const applied = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
  expect(applied.document, applied.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });
  const { report } = applied.document.data as { report: { criteria: { id: string; verdict: string }[] } };
  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  return {
    verdicts: new Set(report.criteria.map(({ verdict }) => verdict)),
    flake: await show(repo, `${branch}:flake.nix`),
    branch,
  };
}

const PEAKS = `// Command peaks prints how often each word of its input occurs, the most frequent first.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sort"
)

const version = "0.7.1"

func count(in io.Reader) map[string]int {
	counts := map[string]int{}
	words := bufio.NewScanner(in)
	words.Split(bufio.ScanWords)
	for words.Scan() {
		counts[words.Text()]++
	}
	return counts
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println("peaks", version)
		return
	}
	counts := count(os.Stdin)
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	for _, word := range words {
		fmt.Printf("%d %s\\n", counts[word], word)
	}
}
`;

const PEAKS_TEST = `package main

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	if got := count(strings.NewReader("oak elm oak"))["oak"]; got != 2 {
		t.Fatalf("oak: %d", got)
	}
}
`;

const FOLD = `package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"mods.example.org/flagline"
	"mods.example.org/wordfold"
)

var version = "dev"

func main() {
	options := []flagline.Option{{Name: "width", About: "longest line"}, {Name: "version", About: "say which"}}
	line, err := flagline.Parse(os.Args[1:], options)
	if err != nil {
		fmt.Fprintln(os.Stderr, "refold:", err)
		os.Exit(2)
	}
	if line.Values["version"] != "" {
		fmt.Println(version)
		return
	}
	width, err := strconv.Atoi(line.Values["width"])
	if err != nil {
		width = 20
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "refold:", err)
		os.Exit(1)
	}
	for _, each := range wordfold.Fold(string(text), width) {
		fmt.Println( each)
	}
}
`;

const GO_SUM = `mods.example.org/flagline v0.4.1 h1:Z7voOqdOgNYANob/S5S1wor/TAUFGahaVVJG5wWJGC0=
mods.example.org/flagline v0.4.1/go.mod h1:nLIxm5Kb/ylrWqS0AJsKndUvzQahUuNj1UmVu6x1v9w=
mods.example.org/wordfold v1.3.0 h1:R71tEVHCXfjKSW1NqaZXiR6ccezgl6V7HGks2s2hgZo=
mods.example.org/wordfold v1.3.0/go.mod h1:AaqK2UtRBYFrBAO/UwX0Z55kkfQ55Srl87sKDbyt9B0=
`;

describe.skipIf(noNix !== undefined || !hasGo)("a project in Go", () => {
  it("without dependencies: the program prints what the README shows, tests, vet and gofmt run", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "go.mod": "module example.org/peaks\n\ngo 1.22\n",
        "main.go": PEAKS,
        "main_test.go": PEAKS_TEST,
        "README.md": "# peaks\n\n```console\n$ echo 'elm oak elm' | go run .\n2 elm\n1 oak\n```\n",
        LICENSE: "Permission is hereby granted, free of charge, to any person obtaining a copy of this software\n",
      },
      "peaks",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(new Set(["pass"]));
    expect(flake).toContain("vendorHash = null;");
    expect(flake).toContain('version = "0.7.1";');
    expect(flake).toContain("meta.license = pkgs.lib.licenses.mit;");
    expect(flake).toContain("vet = ");
    expect(flake).toContain("gofmt = ");
  }, 1_200_000);

  it("with modules: Nix prints the hash, the version is set as the Makefile does, and a check that fails is left out", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "go.mod":
          "module example.org/refold\n\ngo 1.21\n\nrequire (\n\tmods.example.org/flagline v0.4.1\n\tmods.example.org/wordfold v1.3.0\n)\n",
        "main.go": FOLD,
        "go.sum": GO_SUM,
        Makefile: 'VERSION = 2.3.0\n\nrefold: main.go\n\tgo build -ldflags "-s -w -X main.version=$(VERSION)" -o refold .\n',
        "README.md":
          "# refold\n\n```console\n$ refold --version\n2.3.0\n$ printf 'oak elm ash\\n' | ./refold --width=8\noak elm\nash\n```\n",
      },
      "refold",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(new Set(["pass"]));
    expect(flake).toMatch(/vendorHash = "sha256-(?!A{43})[\w+/]{43}=";/);
    expect(flake).toContain('"-X main.version=2.3.0"');
    expect(flake).not.toContain("gofmt = pkgs.runCommand");
    expect(flake).toContain("vet = ");
  }, 1_200_000);

  it("with two programs below cmd, a library, test data and a generator that nobody installs", async () => {
    const at = await place();
    const command = (name: string, body: string): string =>
      `package main\n\nimport (\n\t"fmt"\n\t"os"\n\n\t"example.org/tides/internal/series"\n)\n\nfunc main() {\n\tvalues, err := series.Read(os.Stdin)\n\tif err != nil {\n\t\tfmt.Fprintln(os.Stderr, "${name}:", err)\n\t\tos.Exit(1)\n\t}\n\t${body}\n}\n`;
    const repo = await at.repository(
      {
        "go.mod": "module example.org/tides/v2\n\ngo 1.21\n".replace("/v2", ""),
        VERSION: "1.1.0\n",
        "cmd/high/main.go": command("high", "fmt.Println(series.High(values))"),
        "cmd/mean/main.go": command("mean", 'fmt.Printf("%.2f\\n", series.Mean(values))'),
        "internal/series/series.go":
          'package series\n\nimport (\n\t"bufio"\n\t"io"\n\t"strconv"\n)\n\n// Read takes one number a line.\nfunc Read(in io.Reader) ([]float64, error) {\n\tvar values []float64\n\tlines := bufio.NewScanner(in)\n\tfor lines.Scan() {\n\t\tvalue, err := strconv.ParseFloat(lines.Text(), 64)\n\t\tif err != nil {\n\t\t\treturn nil, err\n\t\t}\n\t\tvalues = append(values, value)\n\t}\n\treturn values, lines.Err()\n}\n\n// High is the highest value.\nfunc High(values []float64) float64 {\n\thigh := values[0]\n\tfor _, value := range values {\n\t\thigh = max(high, value)\n\t}\n\treturn high\n}\n\n// Mean is the sum of the values over their number.\nfunc Mean(values []float64) float64 {\n\tsum := 0.0\n\tfor _, value := range values {\n\t\tsum += value\n\t}\n\treturn sum / float64(len(values))\n}\n',
        "internal/series/series_test.go":
          'package series\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestRead(t *testing.T) {\n\tfile, err := os.Open("testdata/week.txt")\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n\tvalues, err := Read(file)\n\tif err != nil || len(values) != 3 || High(values) != 4 {\n\t\tt.Fatal(values, err)\n\t}\n}\n',
        "internal/series/testdata/week.txt": "1\n4\n2.5\n",
        "internal/series/testdata/broken.go": "this is no Go\n",
        "tools/table/main.go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("table")\n}\n',
        "README.md":
          "# tides\n\n```console\n$ printf '3\\n9\\n' | go run ./cmd/high\n9\n$ printf '3\\n9\\n' | ./bin/mean\n6.00\n```\n",
      },
      "tides",
    );
    const { verdicts, flake } = await draftAndApply(at, repo);
    expect(verdicts).toEqual(new Set(["pass"]));
    expect(flake).toContain('excludedPackages = [ "tools/table" ];');
    expect(flake).toContain("high = {");
  }, 1_200_000);

  it("with modules and no go.sum is given up, with what to do", async () => {
    const at = await place();
    const repo = await at.repository(
      {
        "go.mod": "module example.org/refold\n\nrequire mods.example.org/wordfold v1.3.0\n",
        "main.go": "package main\n\nfunc main() {}\n",
      },
      "refold",
    );
    const drafted = await at.json(["draft", WISH, "--repo", repo, "--world", at.world]);
    expect(drafted.document).toMatchObject({ ok: false });
    expect(drafted.about).toContain("run go mod tidy and commit go.sum");
  }, 600_000);
});
