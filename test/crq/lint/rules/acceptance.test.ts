// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { describe, expect, test } from "vitest";
import { type CheckInput, renderCheckBlock } from "../../../../src/crq/render/blocks.ts";
import { EXAMPLE, exampleWith, exampleWithout } from "../../fixtures/example.ts";
import { findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];

const AC3 = '    ```toml check AC-3\n    kind = "flake-inputs"\n    min-inputs = 3\n    ```';
/** The example with other checks in AC-3. */
const withChecks = (...checks: CheckInput[]) => exampleWith([AC3, renderCheckBlock("AC-3", checks)]);
const withText = (text: string) => exampleWith(["Every flake input follows the URL policy of the project.", text]);

describe("acceptance/criterion-without-id", () => {
  test.each<Case>([
    [
      "items without ids are numbered after the last one",
      exampleWith(["-   **AC-4**: ", "-   "], ["-   **AC-5**: ", "-   "], ["```toml check AC-4", "```toml check AC-9"]),
      [
        "52:1 error this criterion has no id; start it with `**AC-n**: ` *",
        "57:1 error this criterion has no id; start it with `**AC-n**: ` *",
      ],
    ],
    [
      "one between others is left to the writer",
      exampleWith(["-   **AC-3**: ", "-   "]),
      ["47:1 error this criterion has no id; start it with `**AC-n**: `"],
    ],
    ["one id twice", exampleWith(["-   **AC-3**: ", "-   **AC-2**: "]), ["47:1 error AC-2 is there twice; each id is used once"]],
    [
      "not ascending",
      exampleWith(["-   **AC-3**: ", "-   **AC-9**: "]),
      ["52:1 error AC-4 stands after AC-9; ids ascend", "57:1 error AC-5 stands after AC-9; ids ascend"],
    ],
    ["gaps are fine", exampleWith(["-   **AC-5**: ", "-   **AC-50**: "]), []],
  ])("%s", (_, source, expected) => {
    expect(findings("acceptance/criterion-without-id", source)).toEqual(expected);
  });
});

describe("acceptance/criterion-without-check", () => {
  const source = exampleWith([`${AC3}\n`, ""]);

  test("at standard a warning while draft", () => {
    expect(findings("acceptance/criterion-without-check", source, "strict")).toEqual(["47:1 error AC-3 has no check block"]);
    expect(findings("acceptance/criterion-without-check", source, "standard")).toEqual(["47:1 error AC-3 has no check block"]);
    const draft = source.replace('"proposed"', '"draft"');
    expect(findings("acceptance/criterion-without-check", draft, "standard")).toEqual(["47:1 warning AC-3 has no check block"]);
    expect(findings("acceptance/criterion-without-check", draft, "strict")).toEqual(["47:1 error AC-3 has no check block"]);
    expect(findings("acceptance/criterion-without-check", source, "import")).toEqual(["47:1 info AC-3 has no check block"]);
  });

  test("a withdrawn criterion needs none, one without id does", () => {
    expect(
      findings("acceptance/criterion-without-check", source.replace("**AC-3**:", "**AC-3** (withdrawn 2026-11-21: no):")),
    ).toEqual([]);
    expect(findings("acceptance/criterion-without-check", source.replace("**AC-3**: ", ""))).toEqual([
      "47:1 error this criterion has no check block",
    ]);
  });
});

test("acceptance/no-criteria", () => {
  expect(findings("acceptance/no-criteria", exampleWithout("-   **AC-1**", "## 6."))).toEqual([
    "30:1 error there are no acceptance criteria",
  ]);
});

describe("acceptance/placeholder", () => {
  test.each<Case>([
    ["in the text", withText("`nix build .#<package-name>` works."), ["47:28 error placeholder `<package-name>`"]],
    ["as running text", withText("The <package-name> builds."), ["47:19 error placeholder `<package-name>`"]],
    [
      "in the block",
      exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.${system}.<name>"']),
      ["35:32 error placeholder `<name>`"],
    ],
    [
      "a type, a named group and a tag of HTML are none",
      withChecks({ kind: "command", argv: ["x"], why: "Vec<u8>", stdout: { regex: "(?<name>a)", contains: "<html>" } }),
      [],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("acceptance/placeholder", source)).toEqual(expected);
  });
});

describe("acceptance/constant-check", () => {
  const script = (text: string): CheckInput => ({ kind: "command", script: text, why: "w", stdout: { contains: "x" } });
  const argv = (...words: string[]): CheckInput => ({ kind: "command", argv: words, why: "w", stdout: { contains: "x" } });

  test.each<[string, CheckInput, string | undefined]>([
    ["true", argv("true"), "`true` always succeeds"],
    ["echo by path", argv("/bin/echo", "ok"), "`echo` always succeeds"],
    ["a program", argv("greet", "true"), undefined],
    ["env in front", argv("env", "-i", "A=1", "true"), "`true` always succeeds"],
    ["exit 0", script("exit 0\n"), "`exit 0` always succeeds"],
    ["only comments", script("# nothing\n"), "the script is empty"],
    ["echo and true", script('set -e\necho "ok"; true'), "`echo _` always succeeds"],
    ["|| true", script("cargo test || true"), "`|| true` turns every failure into success"],
    ["|| echo", script("nix flake check || echo failed"), "`|| echo` turns every failure into success"],
    ["|| true in a string", script("greet '|| true'"), undefined],
    ["|| true-ish", script("greet || true-greet"), undefined],
    ["an echo that is piped into a program", script("echo hi | greet"), undefined],
    ["errexit off", script("set +e\ngreet\n"), "the script switches off `errexit` or `pipefail`"],
    ["`; true` after a command under errexit", script("greet\ntrue"), undefined],
    ["a shell without options", argv("sh", "-c", "greet; true"), "the script ends with `true`"],
    [
      "a pipe in a shell",
      argv("bash", "-c", "greet | tee log"),
      "a pipe without `pipefail` hides the failure of what stands before it",
    ],
    ["a pipe with pipefail", argv("bash", "-o", "pipefail", "-c", "greet | tee log"), undefined],
    ["a pipe in a script, which has pipefail", script("greet | grep x"), undefined],
    [
      "the command of a shell",
      { kind: "dev-shell", run: { argv: ["true"], stdout: { contains: "x" } } },
      "`true` always succeeds",
    ],
    [
      "a built program named echo",
      { kind: "run", argv: ["${out:AC-1.0}/bin/greet", "true"], stdout: { contains: "x" } },
      undefined,
    ],
    [
      "a function that ignores the flake",
      { kind: "nix-eval", expr: "_: true", equals: true },
      "the function ignores the flake it is given",
    ],
    [
      "a function that names another argument",
      { kind: "nix-eval", expr: "flake: flakes", equals: true },
      "the function ignores the flake it is given",
    ],
    ["a function that uses it", { kind: "nix-eval", expr: "flake: flake.x", equals: true }, undefined],
  ])("%s", (_, check, reason) => {
    const found = findings("acceptance/constant-check", withChecks(check)).map((line) =>
      line.replace(/^\d+:\d+ error AC-3 cannot fail: /, ""),
    );
    expect(found).toEqual(reason === undefined ? [] : [reason]);
  });

  test("is an error at standard and strict, also while draft", () => {
    const source = withChecks(argv("true")).replace('"proposed"', '"draft"');
    expect(findings("acceptance/constant-check", source, "standard")).toEqual([
      "50:5 error AC-3 cannot fail: `true` always succeeds",
    ]);
    expect(findings("acceptance/constant-check", source, "strict")).toEqual([
      "50:5 error AC-3 cannot fail: `true` always succeeds",
    ]);
  });
});

describe("acceptance/check-without-expectation", () => {
  test.each<[string, CheckInput, boolean]>([
    ["exit 0 alone", { kind: "run", argv: ["x"] }, false],
    ["another exit code", { kind: "run", argv: ["x"], exit: 2 }, true],
    ["an output", { kind: "run", argv: ["x"], stdout: { contains: "x" } }, true],
    ["an output that silence meets", { kind: "run", argv: ["x"], stdout: { regex: "a*" }, stderr: { equals: "" } }, false],
    ["a file", { kind: "command", argv: ["x"], why: "w", files: ["a"] }, true],
    ["a shell", { kind: "dev-shell", run: { argv: ["cargo"] } }, false],
    ["a pattern that the empty file meets", { kind: "file", path: "a", regex: "^$" }, false],
    ["a file that must exist", { kind: "file", path: "a" }, true],
    [
      "a pattern against a text, which the empty file meets",
      { kind: "file", path: "a", regex: "(?<![\\s\\S])(?![\\s\\S]*x)" },
      false,
    ],
    ["one that wants a character besides", { kind: "file", path: "a", regex: "(?<![\\s\\S])(?![\\s\\S]*x)[\\s\\S]" }, true],
  ])("%s", (_, check, expects) => {
    const nothing =
      check.kind === "file"
        ? "expects nothing that an empty file would not meet: its regex matches the empty text; what must not stand in it is `not-regex`"
        : "expects nothing that a silent program would not meet";
    const expected = expects ? [] : [`49:5 error AC-3 ${nothing}`];
    expect(findings("acceptance/check-without-expectation", withChecks(check))).toEqual(expected);
  });

  test("is off at import and a warning at standard", () => {
    const source = withChecks({ kind: "run", argv: ["x"] });
    expect(findings("acceptance/check-without-expectation", source, "import")).toEqual([]);
    expect(findings("acceptance/check-without-expectation", source, "standard")).toHaveLength(1);
  });
});

test("acceptance/suggested-check: at standard an error from proposed on", () => {
  const source = withChecks({ kind: "lock", suggested: true });
  const message = "AC-3 is only suggested and is not run; check it and remove `suggested`";
  expect(findings("acceptance/suggested-check", source, "standard")).toEqual([`50:5 error ${message}`]);
  expect(findings("acceptance/suggested-check", source.replace('"proposed"', '"draft"'), "standard")).toEqual([
    `50:5 warning ${message}`,
  ]);
  expect(findings("acceptance/suggested-check", source, "import")).toEqual([`50:5 info ${message}`]);
});

test("acceptance/prefer-typed-kind", () => {
  const command = (text: string): CheckInput => ({ kind: "command", script: text, why: "w", exit: 1 });
  const source = withChecks(
    command("nix flake check"),
    command("nix build .#x"),
    command("test -f flake.nix"),
    command("greet --version"),
    {
      kind: "manual",
      ask: "Does nix develop work?",
      who: "anyone",
    },
  );
  expect(findings("acceptance/prefer-typed-kind", source)).toEqual([
    '50:5 warning AC-3.0: kind "flake-check" does this',
    '55:5 warning AC-3.1: kind "nix-build" does this',
    '60:5 warning AC-3.2: kind "file" does this',
    '70:5 warning AC-3.4: kind "dev-shell" does this',
  ]);
});

test("acceptance/weak-word: not with a number, not outside section 5", () => {
  const source = exampleWith(
    ["Every flake input follows the URL policy of the project.", "It is robust and works as expected."],
    ["`flake.lock` matches the inputs", "It is efficient: under 2 s. `robust` matches the inputs"],
    ["Every machine should", "A robust machine should"],
    ["`README.md` has a", "The functional tests pass, and `README.md` has a"],
  );
  expect(findings("acceptance/weak-word", source)).toEqual([
    '47:21 warning "robust" says nothing that can be measured',
    '47:38 warning "as expected" says nothing that can be measured',
  ]);
});

describe("acceptance/text-block-mismatch", () => {
  test.each<Case>([
    [
      "another attribute",
      exampleWith(["`nix build .#greet` succeeds", "`nix build .#hello` succeeds"]),
      ["31:15 warning AC-1 speaks of `.#hello`, its block does not; let a check look at it, or leave it out of the sentence"],
    ],
    [
      "another file",
      exampleWith(["`README.md` has a", "`docs/nix.md` has a"]),
      ["57:15 warning AC-5 speaks of `docs/nix.md`, its block does not; let a check look at it, or leave it out of the sentence"],
    ],
    [
      "manual checks are not compared",
      exampleWith(
        [`${AC3}`, renderCheckBlock("AC-3", [{ kind: "manual", ask: "?", who: "w" }])],
        ["Every flake input", "`x.nix`: every flake input"],
      ),
      [],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("acceptance/text-block-mismatch", source)).toEqual(expected);
  });
});

test("acceptance/compound-criterion", () => {
  expect(findings("acceptance/compound-criterion", withText("Inputs follow the policy. The lock is fresh."))).toEqual([
    "47:1 warning AC-3 has 2 sentences; one behaviour a criterion",
  ]);
  expect(findings("acceptance/compound-criterion", withText("Inputs follow the policy as well as the lock."))).toEqual([
    '47:1 warning AC-3 joins two by "as well as"; one behaviour a criterion',
  ]);
  expect(findings("acceptance/compound-criterion", withText("Inputs:\n    - one\n    - two\n"))).toEqual([
    "47:1 warning AC-3 holds a list; one behaviour a criterion",
  ]);
  expect(findings("acceptance/compound-criterion", EXAMPLE, "standard")).toEqual([]);
});
