import { describe, expect, it } from "vitest";
import { surveyWorkspace } from "../../src/jobs/facts/survey-workspace.ts";
import { createWorkspace } from "../../src/repo/workspace/workspace.ts";
import type { DraftFrame } from "../../src/tools/contract.ts";
import { describeSurvey } from "../../src/tools/survey-text.ts";
import { type Files, place } from "../program/place.ts";

const MANIFEST = '[package]\nname = "tally"\nversion = "0.1.0"\nedition = "2021"\n';
const FILES: Files = {
  "Cargo.toml": MANIFEST,
  "src/main.rs": 'fn main() { println!("5"); }\n',
  "docs/nix.md": "We build Rust crates with naersk.\n",
};
const FRAME: DraftFrame = {
  id: "CRQ-001",
  created: "2026-01-01",
  author: "agent:crq-agent@0.1.0/rules",
  base: "0123456789abcdef0123456789abcdef01234567",
  systems: ["x86_64-linux"],
  kind: undefined,
  existing: [],
  canAsk: false,
};

/** The survey as a model reads it: while it drafts, and while it applies. */
async function surveyOf(files: Files, given: { readonly draft?: DraftFrame; readonly task?: string } = {}): Promise<string> {
  const at = await place();
  const repo = await at.repository(files);
  const workspace = await createWorkspace(repo, `${at.folder}/copy`);
  const details = await surveyWorkspace({
    place: {
      settings: { configFile: "crq-agent.toml", nixpkgs: "github:NixOS/nixpkgs/nixos-26.05", inputPolicy: undefined },
      nix: { system: "x86_64-linux" },
      now: () => Date.UTC(2026, 0, 1),
    },
    workspace,
    docs: ["docs"],
    task: given.task,
    yes: false,
    ...(given.draft && { draft: given.draft }),
  })();
  return describeSurvey(details);
}

describe("the survey as text", () => {
  it("numbers its facts for a drafter, and names them by their place for whoever applies a CRQ with facts of its own", async () => {
    expect(await surveyOf(FILES, { draft: FRAME })).toMatch(/^F-1 docs\/nix\.md:1 sha256=[0-9a-f]{64} \[builder = naersk\]$/mu);
    const applied = await surveyOf(FILES);
    expect(applied).toMatch(/^docs\/nix\.md:1 sha256=[0-9a-f]{64} \[builder = naersk\]$/mu);
    expect(applied).not.toMatch(/\bF-\d/u);
  });

  it("names path dependencies outside the workspace and the crates of the manifests, with the line behind each", async () => {
    const text = await surveyOf({
      "Cargo.toml": `${MANIFEST}
[dependencies]
serde = { version = "1", features = ["derive"] }
units = { path = "vendor/units" }
far = { path = "../far" }
core_math = { package = "libm", version = "0.2" }

[target.'cfg(unix)'.dependencies.nix]
version = "0.29"

[workspace]
exclude = ["vendor/units"]
`,
      "src/main.rs": "fn main() {}\n",
      "vendor/units/Cargo.toml": '[package]\nname = "units"\nversion = "0.1.0"\n',
      "vendor/units/src/lib.rs": "",
      "Cargo.lock":
        'version = 4\n\n[[package]]\nname = "serde"\nversion = "1.0.2"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n',
    });
    expect(text).toContain(
      "Path dependencies outside the workspace: far in ../far (Cargo.toml:9), units in vendor/units (Cargo.toml:8).",
    );
    expect(text).toContain(
      "Crates that the manifests name: libm (Cargo.toml:10), nix (Cargo.toml:12), serde 1.0.2 (Cargo.toml:7).",
    );
  });

  it("says what a lock that git does not have means, and what can be done", async () => {
    const missing = "the versions and checksums of the crates stand nowhere, and no build by Nix goes without them; ";
    expect(await surveyOf(FILES)).toContain(
      `Cargo.lock is missing: ${missing}a person has to commit one or allow that cargo makes it (\`--yes\`). Where the request lets no change add it, call give_up with reason lock-file-missing.\n`,
    );
    expect(await surveyOf({ ...FILES, ".gitignore": "/target\nCargo.lock\n" }, { draft: FRAME })).toContain(
      `Cargo.lock is ignored: ${missing}the change has to add one, which a person lets cargo make (\`--yes\`). Git does not see it before .gitignore:2 that hides it is gone.\n`,
    );
    const there = await surveyOf({ ...FILES, "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tally"\nversion = "0.1.0"\n' });
    expect(there).toContain("Cargo.lock (version 4): 0 external crates.");
    expect(there).not.toContain("stand nowhere");
  });

  it("names so many crates and no more", async () => {
    const many = Array.from({ length: 45 }, (_, index) => `crate${index} = "1"`).join("\n");
    const text = await surveyOf({ "Cargo.toml": `${MANIFEST}\n[dependencies]\n${many}\n`, "src/lib.rs": "" });
    expect(text).toMatch(/^Crates that the manifests name: crate0 \(Cargo\.toml:7\), .* and 5 more\.$/mu);
  });
});
