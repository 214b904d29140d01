import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commitAll, type Place, place } from "./place.ts";
import { noNix } from "./samples.ts";

/** "It builds" is not "it works": what a document shows that a program prints is what the change is held to. */

const project = (shownSum: string) => ({
  "Cargo.toml": '[package]\nname = "addup"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 3\n\n[[package]]\nname = "addup"\nversion = "0.1.0"\n',
  "may.txt": "3\n4\n",
  "src/main.rs":
    'use std::io::Read;\n\nfn main() {\n    let mut text = String::new();\n    match std::env::args().nth(1) {\n        Some(path) => text = std::fs::read_to_string(path).expect("a file"),\n        None => drop(std::io::stdin().read_to_string(&mut text)),\n    }\n    let sum: i64 = text.split_whitespace().filter_map(|word| word.parse::<i64>().ok()).sum();\n    println!("{sum}");\n}\n',
  "README.md": `# addup\n\n\`\`\`console\n$ addup may.txt\n${shownSum}\n$ echo '1 2' | addup\n3\n\`\`\`\n`,
});

async function drafted(at: Place, shownSum: string): Promise<string> {
  const repo = await at.repository(project(shownSum));
  const draft = await at.json(["draft", "nixify this Rust project", "--repo", repo, "--world", at.world]);
  expect(draft.document, draft.about).toMatchObject({ ok: true });
  await commitAll(repo, "ask for a flake");
  return repo;
}

const applied = (at: Place, repo: string) => at.json(["apply", "CRQ-001", "--repo", repo, "--world", at.world, "--yes"]);

describe.skipIf(noNix !== undefined)("what a README shows", { timeout: 300_000 }, () => {
  it("becomes criteria that run the program, on a tracked file and on a text", async () => {
    const at = await place();
    const repo = await drafted(at, "7");
    const crq = await readFile(join(repo, "crqs/CRQ-001-nixification-of-addup.md"), "utf8");
    expect(crq).toContain("-   **AC-2**: `addup may.txt` prints what the documents show.");
    expect(crq).toContain('argv = ["${out:AC-2.0}/bin/addup", "may.txt"]\n    cwd = "."\n    stdout = { equals = "7" }');
    expect(crq).toContain(
      "argv = [\"${out:AC-3.0}/bin/addup\"]\n    stdin = '''\n    1 2\n    '''\n    stdout = { equals = \"3\" }",
    );
    expect(crq).toContain("quote = \"$ echo '1 2' | addup\"");
    const done = await applied(at, repo);
    expect(done.document, done.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });
  });

  it("is a question where the program prints something else, and nothing is handed over", async () => {
    const at = await place();
    const repo = await drafted(at, "8");
    const asked = await applied(at, repo);
    expect(asked.document, asked.about).toMatchObject({
      exit: 5,
      data: { outcome: { kind: "question", reason: "criterion-wrong" }, handOver: { form: "nothing" } },
    });
    expect(Object(asked.document.data).question.text).toMatch(/AC-2 \(fail\): .*"7.*Is the criterion wrong, or the program\?$/u);
  });
});
