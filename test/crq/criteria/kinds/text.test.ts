import { createHash } from "node:crypto";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TomlDate } from "smol-toml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const lines = async (scenario: Scenario): Promise<readonly string[]> => (await observe(place, scenario)).lines;

describe("file", () => {
  const file = (path: string, more: object = {}): object => ({ kind: "file", path, ...more });
  const toml = '[package]\nname = "greet"\nversion = "1.0.0"\nreleased = 2026-11-20\n';
  const change = { "Cargo.toml": toml, "package.json": '{"bin":{"greet":["a","b"]}}', "empty.txt": "", "note.txt": "hello\n" };

  test("passes when the content matches", async () => {
    const sha256 = createHash("sha256").update(toml).digest("hex");
    const checks = [
      file("note.txt"),
      file("note.txt", { regex: "^hello$" }),
      file("note.txt", { "not-regex": "^bye$" }),
      file("note.txt", { equals: "hello" }),
      file("Cargo.toml", { pointer: "/package/name", equals: "greet" }),
      file("Cargo.toml", { pointer: "/package/version" }),
      file("package.json", { pointer: "/bin/greet", equals: ["a", "b"] }),
      file("Cargo.toml", { sha256 }),
      file("gone.txt", { absent: true }),
    ];
    const holds = (path: string): string => `pass met (text) 1/1: ${path} holds what was asked for`;
    expect(await lines({ change, checks })).toEqual([
      holds("note.txt"),
      holds("note.txt"),
      holds("note.txt"),
      holds("note.txt"),
      holds("Cargo.toml"),
      holds("Cargo.toml"),
      holds("package.json"),
      holds("Cargo.toml"),
      "pass met (text) 1/1: gone.txt does not exist",
    ]);
  });

  test("compares a date of TOML with a date of TOML", async () => {
    const released = (day: string): object => file("Cargo.toml", { pointer: "/package/released", equals: new TomlDate(day) });
    expect(await lines({ change, checks: [released("2026-11-20"), released("2026-11-21")] })).toEqual([
      "pass met (text) 1/1: Cargo.toml holds what was asked for",
      'fail mismatch (text) 1/1: Cargo.toml: /package/released is "2026-11-20" instead of "2026-11-21"',
    ]);
  });

  test("fails where what must not stand there does, and proves nothing by a pattern that every text holds", async () => {
    const checks = [
      file("Cargo.toml", { "not-regex": "^version" }),
      file("gone.txt", { "not-regex": "^version" }),
      file("empty.txt", { "not-regex": "x" }),
      file("note.txt", { "not-regex": "x*" }),
    ];
    expect(await lines({ change, checks })).toEqual([
      "fail mismatch (text) 1/1: Cargo.toml: /^version/ matches in line 3",
      "fail missing (text) 0/1: gone.txt does not exist",
      "vacuous empty (text) 1/1: empty.txt is empty",
      expect.stringContaining("vacuous nothing-checked (text)"),
    ]);
  });

  test("fails when it does not", async () => {
    const checks = [
      file("gone.txt"),
      file("note.txt", { absent: true }),
      file("note.txt", { regex: "^bye$" }),
      file("note.txt", { equals: "bye" }),
      file("Cargo.toml", { pointer: "/package/name", equals: "other" }),
      file("Cargo.toml", { pointer: "/package/edition", equals: "2024" }),
      file("note.txt", { pointer: "/a", equals: 1 }),
      file("empty.txt", { sha256: "0".repeat(64) }),
    ];
    const empty = createHash("sha256").update("").digest("hex");
    expect((await lines({ change, checks })).map((line) => line.replace(/no JSON: .*/, "no JSON"))).toEqual([
      "fail missing (text) 0/1: gone.txt does not exist",
      "fail mismatch (text) 1/1: note.txt exists",
      "fail mismatch (text) 1/1: note.txt: nothing matches /^bye$/",
      'fail mismatch (text) 1/1: note.txt: its text is "hello\\n"',
      'fail mismatch (text) 1/1: Cargo.toml: /package/name is "greet" instead of "other"',
      'fail mismatch (text) 1/1: Cargo.toml: nothing at "/package/edition"',
      "fail mismatch (text) 1/1: note.txt: it is no JSON",
      `fail mismatch (text) 1/1: empty.txt: its sha256 is ${empty}`,
    ]);
  });

  test("is vacuous when anything would match", async () => {
    expect(await lines({ change, checks: [file("note.txt", { regex: "(hello)?" }), file("empty.txt")] })).toEqual([
      "vacuous nothing-checked (text) 0/0: /(hello)?/ matches the empty string, so every file meets it",
      "vacuous empty (text) 1/1: empty.txt is empty",
    ]);
  });

  test("follows no link out of the target", async () => {
    const prepare = (directory: string): void => {
      symlinkSync("/etc/passwd", join(directory, "passwd"));
      symlinkSync("note.txt", join(directory, "inside"));
      symlinkSync("nowhere", join(directory, "dangling"));
      symlinkSync("/etc", join(directory, "etc"));
    };
    const checks = [file("passwd", { regex: "root" }), file("inside", { regex: "hello" }), file("dangling"), file("etc/passwd")];
    expect(await lines({ change, prepare, checks })).toEqual([
      "fail outside-target (text) 0/1: passwd leads out of the target",
      "pass met (text) 1/1: inside holds what was asked for",
      "fail missing (text) 0/1: dangling is a symbolic link to nothing",
      "fail outside-target (text) 0/1: etc/passwd leads out of the target",
    ]);
  });
});

describe("doc", () => {
  const doc = (more: object = {}): object => ({
    kind: "doc",
    files: ["README.md"],
    headings: ["Nix"],
    mentions: ["nix build .#greet"],
    ...more,
  });
  const base = { "README.md": "# Greet\n\nA greeter.\n" };
  const documented = "# Greet\n\nA greeter.\n\n## 2. NIX\n\n```sh\nnix build .#greet\n```\n";

  test("passes when the file changed and shows what was asked for", async () => {
    expect(await lines({ base, change: { "README.md": documented }, checks: [doc()] })).toEqual([
      "pass met (text) 1/1: README.md changed and shows what was asked for",
    ]);
  });

  test("fails for its content before it fails for being unchanged", async () => {
    expect([
      ...(await lines({ base, checks: [doc()] })),
      ...(await lines({ base: { "README.md": documented }, checks: [doc(), doc({ files: ["docs/*.md"] })] })),
      ...(await lines({ base, change: { "README.md": "# Greet\n\n<!-- ## Nix\nnix build .#greet -->\n" }, checks: [doc()] })),
    ]).toEqual([
      'fail missing (text) 1/1: README.md: no heading "Nix"; "nix build .#greet" is mentioned nowhere',
      "fail unchanged (text) 1/1: README.md has not changed since the base commit",
      "fail missing (text) 0/1: docs/*.md does not exist",
      'fail missing (text) 1/1: README.md: no heading "Nix"; "nix build .#greet" is mentioned nowhere',
    ]);
  });

  test("is vacuous when only white space changed", async () => {
    expect(
      await lines({
        base: { "README.md": documented },
        change: { "README.md": documented.replaceAll("\n\n", "\n\n\n") },
        checks: [doc()],
      }),
    ).toEqual(["vacuous nothing-checked (text) 1/1: only white space changed in README.md since the base commit"]);
  });

  test("several files share headings and mentions, but each must have changed", async () => {
    const change = { "README.md": "# Greet\n\n## Nix\n\nSee docs.\n", "docs/nix.md": "Run `nix build\n.#greet`.\n" };
    expect(await lines({ base, change, checks: [doc({ files: ["README.md", "docs/*.md"] })] })).toEqual([
      "pass met (text) 2/2: README.md, docs/nix.md changed and show what was asked for",
    ]);
  });
});

describe("git-scope", () => {
  const scope = (more: object = {}): object => ({ kind: "git-scope", allow: ["flake.*", "nix/**", "README.md"], ...more });
  const base = { "README.md": "# Greet\n", "src/main.rs": "fn main() {}\n" };

  test("passes when every changed path is allowed", async () => {
    const change = { "flake.nix": "{ outputs = _: { }; }\n", "nix/a.nix": "1\n", "README.md": "# Greet!\n" };
    expect(await lines({ base, change, checks: [scope({ deny: ["src/**"] })] })).toEqual([
      "pass met (text) 3/3: all 3 changed paths are allowed",
    ]);
  });

  test("fails on other paths, denied ones, deletions and moves", async () => {
    const { rmSync } = await import("node:fs");
    const removed = (directory: string): void => rmSync(join(directory, "src/main.rs"));
    expect([
      ...(await lines({
        base,
        change: { "src/main.rs": "fn main() { panic!() }\n", "README.md": "# x\n" },
        checks: [scope(), scope({ deny: ["*.md"] })],
      })),
      ...(await lines({ base, prepare: removed, checks: [scope()] })),
    ]).toEqual([
      "fail forbidden (text) 2/2: changed outside the allowed paths: src/main.rs",
      "fail forbidden (text) 2/2: changed outside the allowed paths: README.md, src/main.rs",
      "fail forbidden (text) 1/1: changed outside the allowed paths: src/main.rs",
    ]);
  });

  test("fails on a file the flake needs and git does not know, ignored ones too", async () => {
    const scenario = {
      base: { ...base, ".gitignore": "Cargo.lock\n" },
      change: { "flake.nix": "{ outputs = _: { }; }\n" },
      untracked: { "package.nix": "{ }\n", "Cargo.lock": "version = 4\n", "notes.txt": "mine" },
    };
    const unknown = "fail missing (text) 1/1: not tracked by git, so invisible to the flake: Cargo.lock, package.nix";
    expect(await lines({ ...scenario, checks: [scope(), scope({ tracked: false })] })).toEqual([
      unknown,
      "pass met (text) 1/1: all 1 changed paths are allowed",
    ]);
  });

  test("is vacuous when nothing changed", async () => {
    expect(await lines({ base, checks: [scope()] })).toEqual([
      "vacuous unchanged (text) 0/0: nothing has changed since the base commit",
    ]);
  });
});

describe("manual", () => {
  const answered = (verdict: "pass" | "fail") => ({ verdict, by: "human:Pat", at: "2026-11-21T09:00:00Z" });
  const manual = { kind: "manual", ask: "Does the page look right?", who: "Ada" };

  test("waits for a person, and takes their answer", async () => {
    expect([
      ...(await lines({ checks: [manual] })),
      ...(await lines({ checks: [manual], options: { answers: { "AC-1": answered("pass") } } })),
      ...(await lines({ checks: [manual], options: { answers: { "AC-1": answered("fail"), "AC-2": answered("pass") } } })),
    ]).toEqual([
      "manual answer-pending (text) 0/1: Ada has not answered yet: Does the page look right? (verify --answer AC-1=pass|fail)",
      "pass answered (text) 1/1: Pat, for Ada, answered pass on 2026-11-21 to: Does the page look right?",
      "fail answered (text) 1/1: Pat, for Ada, answered fail on 2026-11-21 to: Does the page look right?",
    ]);
  });
});

test("a file larger than checks read is named", async () => {
  const prepare = (directory: string): void => writeFileSync(join(directory, "big.bin"), Buffer.alloc(17 * 1024 * 1024));
  expect(await lines({ prepare, checks: [{ kind: "file", path: "big.bin", regex: "x" }] })).toEqual([
    "fail missing (text) 0/1: big.bin has 17825792 bytes; checks read at most 16777216",
  ]);
});
