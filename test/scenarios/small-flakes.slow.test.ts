import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place, show } from "../program/place.ts";
import { noNix } from "../program/samples.ts";

/**
 * One sentence, one answer of a person who says what the program prints, and a branch whose every criterion real Nix has proven: the flakes
 * of a recorded build, and the lattice of a crate's items. No model, no token.
 */

interface Request {
  readonly task: string;
  /** What the person answers, and the criterion that says it. */
  readonly run: { readonly argv: string; readonly prints: string };
}

async function proven(at: Place, repo: string, { task, run }: Request): Promise<string> {
  const drafted = await at.json(["draft", task, "--repo", repo, "--world", at.world]);
  expect(drafted.document, drafted.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });
  const [file = ""] = (await git(["ls-files", "--others", "crqs/CRQ-*.md"], { cwd: repo })).trim().split("\n");
  const text = await readFile(join(repo, file), "utf8");
  const criterion = `-   **AC-3**: It runs.\n    \`\`\`toml check AC-3\n    kind = "run"\n    argv = [${JSON.stringify(run.argv)}]\n    stdout.equals = ${JSON.stringify(run.prints)}\n    \`\`\`\n`;
  const answered = text
    .replace("\n## 6. Implementation", `${criterion}\n## 6. Implementation`)
    .replace("(AC-2).", "(AC-2, AC-3).")
    .replace(/(- {3}\*\*Q-1\*\*: .*)\n/, "$1\n    Answer: with none; AC-3 says what it prints.\n");
  await writeFile(join(repo, file), answered);
  await commitAll(repo, "request");
  const done = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
  expect(done.document, done.about).toMatchObject({
    ok: true,
    exit: 0,
    data: {
      outcome: { kind: "done" },
      usage: { usd: 0 },
      report: {
        gate: { ok: true },
        weakenings: [],
        unrequested: [],
        criteria: ["AC-1", "AC-2", "AC-3"].map((id) => ({ id, verdict: "pass" })),
      },
    },
  });
  return (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
}

describe.skipIf(noNix !== undefined)("a request for many small flakes", () => {
  it("steps: each recorded call of make becomes a flake, and their join greets", async () => {
    const at = await place();
    const repo = await at.repository({
      Makefile: "app: main.o words.o\n\tcc -o app main.o words.o\n%.o: %.c words.h\n\tcc -O1 -c $< -o $@\n",
      "words.h": "const char *word(void);\n",
      "words.c": '#include "words.h"\nconst char *word(void) { return "hello from steps"; }\n',
      "main.c": '#include <stdio.h>\n#include "words.h"\nint main(void) { puts(word()); return 0; }\n',
    });
    const recorded = await at.run(["steps", "record", "--", "make"], { cwd: repo });
    expect(recorded.exit, recorded.stderr).toBe(0);
    execFileSync("git", ["clean", "-fdxq", "-e", "steps"], { cwd: repo });
    await commitAll(repo, "records");
    const branch = await proven(at, repo, {
      task: "make step flakes of the recorded build",
      run: { argv: "${out:AC-2.0}/bin/app", prints: "hello from steps" },
    });
    const files = await git(["diff", "--name-only", `HEAD..${branch}`, "--", "steps"], { cwd: repo });
    expect(files.trim().split("\n")).toEqual([
      "steps/flake.lock",
      "steps/flake.nix",
      "steps/step.nix",
      "steps/step.sh",
      ...["001", "002", "003"].flatMap((step) => [`steps/step${step}/flake.lock`, `steps/step${step}/flake.nix`]),
    ]);
  });

  it("lattice: the items of a crate become nodes, and their join counts", async () => {
    const at = await place();
    const repo = await at.repository({
      "Cargo.toml": '[package]\nname = "tally"\nversion = "1.2.3"\nedition = "2021"\n',
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tally"\nversion = "1.2.3"\n',
      "src/main.rs": `const LABEL: &str = "tally";

fn count(words: &[&str]) -> usize {
    words.len()
}

fn line(words: &[&str]) -> String {
    format!("{LABEL} {}", count(words))
}

fn main() {
    println!("{}", line(&["a", "b"]));
}
`,
    });
    const branch = await proven(at, repo, {
      task: "turn this crate into a flake lattice",
      run: { argv: "${out:AC-2.0}/tally/bin/tally", prints: "tally 2" },
    });
    const plan = await show(repo, `${branch}:lattice/lattice.toml`);
    expect([...plan.matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name)).toEqual([
      "tally-label",
      "tally-count",
      "tally-line",
      "tally-main",
      "tally",
    ]);
  });

  it("steps without records: what a person must do first is said, and nothing is touched", async () => {
    const at = await place();
    const repo = await at.repository({ "main.c": "int main(void) { return 0; }\n" });
    const drafted = await at.json(["draft", "make step flakes of the recorded build", "--repo", repo, "--world", at.world]);
    expect(drafted.document, drafted.about).toMatchObject({ ok: true });
    const [file = ""] = (await git(["ls-files", "--others", "crqs/CRQ-*.md"], { cwd: repo })).trim().split("\n");
    const text = await readFile(join(repo, file), "utf8");
    await writeFile(join(repo, file), text.replace(/(- {3}\*\*Q-1\*\*: .*)\n/, "$1\n    Answer: make.\n"));
    await commitAll(repo, "request");
    const done = await at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 20,
      data: {
        outcome: {
          kind: "gave-up",
          reason: "records-missing",
          detail:
            "steps holds no committed step records, and the build itself is never run by the agent. Record the build where it runs (crq-agent steps record -- COMMAND), commit steps, and apply again.",
        },
      },
    });
    expect((await git(["for-each-ref", "refs/heads/feature"], { cwd: repo })).trim()).toBe("");
  });
});
