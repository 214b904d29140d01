import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { place } from "./place.ts";
import { noNix } from "./samples.ts";

/** `apply --task` writes nothing into the checkout, and a draft that asks something has to be answered somewhere. */
describe.skipIf(noNix !== undefined)("a draft of apply --task that asks a question", () => {
  it("is kept beside its journal, is named there, and is applied from there once it is answered", async () => {
    const at = await place();
    const repo = await at.repository({
      "Cargo.toml": '[package]\nname = "greet"\nversion = "0.1.0"\nedition = "2021"\n',
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "greet"\nversion = "0.1.0"\n',
      "src/main.rs": 'fn main() {\n    println!("hello");\n}\n',
      "docs/nix.md": "# Nix\n\nThe flake builds with naersk.\n",
      "docs/build.md": "# Build\n\nThe flake builds with buildRustPackage.\n",
      "README.md": "# greet\n",
    });
    const before = await fingerprint(repo);
    const asked = await at.run(["apply", "--task", "Nixify this project", "--yes", "--repo", repo, "--world", at.world]);
    expect(asked.exit, asked.stderr).toBe(5);
    const kept = /The draft is kept there; mend it, then: crq-agent apply "(?<file>[^"]+)"/u.exec(asked.stderr)?.groups?.file;
    expect(asked.stderr).toContain(`${kept}:`);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const draft = await readFile(kept ?? "", "utf8");
    const question = /^-\s+\*\*Q-1\*\*:.*$/mu.exec(draft)?.[0] ?? "";
    expect(question).toContain("naersk");
    await writeFile(kept ?? "", draft.replace(question, `${question}\n    Answer: naersk`));
    const done = await at.json(["apply", kept ?? "", "--yes", "--repo", repo, "--world", at.world]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
  });
});
