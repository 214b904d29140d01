import { describe, expect, it } from "vitest";
import { noNix } from "../program/samples.ts";
import { difference } from "./compare.ts";
import { runGuide } from "./guide-run.ts";
import { GUIDES } from "./guides.ts";
import { partsOf, runFences } from "./run-fences.ts";

describe.skipIf(noNix !== undefined)("a guide shows what is printed", () => {
  it.each(GUIDES.filter(({ slow }) => !slow))("$name", async ({ name, fences }) => runGuide(name, fences), 300_000);
});

describe("the runner of guides", () => {
  const guide = [
    "<!-- run: tally -->",
    "```console",
    "$ crq-agent survey   # what is there",
    "tally",
    "$ git add . && git commit -m 'a change'",
    "```",
    "```console",
    "$ not run",
    "```",
  ].join("\n");

  it("takes the marked fences, with each command's line and output", () => {
    expect(runFences(guide)).toEqual([
      {
        fixture: "tally",
        slow: false,
        needs: [],
        commands: [
          { text: "crq-agent survey   # what is there", line: 3, expected: ["tally"] },
          { text: "git add . && git commit -m 'a change'", line: 5, expected: [] },
        ],
      },
    ]);
  });

  it("takes the tools that the machine must have from the marker", () => {
    expect(runFences("<!-- run slow: tally with cc make -->\n```console\n$ ls\n```\n")).toMatchObject([
      { slow: true, needs: ["cc", "make"] },
    ]);
  });

  it("refuses a marker that would leave a fence out in silence", () => {
    expect(() => runFences("<!-- run tally -->\n```console\n$ ls\n```\n")).toThrow("line 1: <!-- run tally --> is no marker");
    expect(() => runFences("<!-- run: tally -->\n```sh\nls\n```\n")).toThrow("no ```console fence follows");
    expect(() => runFences("<!-- run: tally -->\n```console\nls\n```\n")).toThrow(
      "line 3: a console fence begins with a command",
    );
  });

  it("splits a command into words, and says what it does not run", () => {
    expect(partsOf("git add . && git commit -m 'a change' # why")).toEqual([
      { words: ["git", "add", "."] },
      { words: ["git", "commit", "-m", "a change"] },
    ]);
    expect(partsOf("nix build .#tally")).toEqual([{ words: ["nix", "build", ".#tally"] }]);
    expect(partsOf('sort -u < in.txt > "the result"')).toEqual([
      { words: ["sort", "-u"], stdin: "in.txt", stdout: "the result" },
    ]);
    expect(() => partsOf("nix build | head")).toThrow("not | head");
    expect(() => partsOf("echo $HOME")).toThrow("not $HOME");
  });

  it("finds the line that drifted, whatever varies from run to run", () => {
    const shown = ["Built /nix/store/00000000000000000000000000000000-tally (3.4 s)", "…", "Wrote 7 files", "Outcome: …"];
    const printed = [
      "Built /nix/store/hpwalp0vnsyiznhb3pcgsl394i8wcdkv-tally (12 s)",
      "one",
      "two",
      "Wrote 7 files",
      "Outcome: done",
      "",
    ];
    expect(difference(shown, printed)).toBeUndefined();
    expect(difference(shown, printed.with(3, "Wrote 8 files"))).toBe(
      ["  Built /nix/store/HASH-tally (TIME)", "  one", "  two", "  Wrote 8 files", "- Wrote 7 files", "  Outcome: done"].join(
        "\n",
      ),
    );
    expect(difference(["one", "two"], ["one"])).toBe("  one\n- two");
    expect(difference([], ["more"])).toBe("+ more");
  });
});
