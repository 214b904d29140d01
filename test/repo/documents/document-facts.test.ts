import { symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentFacts, factsOf } from "../../../src/repo/documents/document-facts.ts";
import { temporaryFolder, writeFiles } from "../tree-on-disk.ts";

const stated = (text: string) =>
  factsOf({ source: "docs/x.md", text, sha256: "00" }).map(({ key, value, line }) => [line, key, value]);

describe("facts of a document", () => {
  it("carry a literal quote, its line and the hash of the document", () => {
    expect(factsOf({ source: "docs/nix.md", text: "# Nix\r\n\r\nRust crates are built with naersk.\r\n", sha256: "ab" })).toEqual(
      [
        {
          claim: "Rust crates are built with naersk",
          source: "docs/nix.md",
          line: 3,
          sha256: "ab",
          quote: "Rust crates are built with naersk.",
          key: "builder",
          value: "naersk",
        },
      ],
    );
  });

  it.each([
    ["code spans", "`nix build .#a` ".repeat(20_000)],
    ["backticks", "`".repeat(300_000)],
    ["one word", "a".repeat(300_000)],
    ["sentence marks", `flake github:a/b${".".repeat(300_000)}x`],
  ])("are looked for in the beginning of a line of %s", (_, line) => {
    expect(stated(`${line}\n\nRust crates are built with naersk.\n`).at(-1)).toEqual([3, "builder", "naersk"]);
  });

  it("name the addresses of inputs: assigned ones by name, others by their repository", () => {
    expect(
      stated(
        [
          "All flake references use GitHub, for example `github:acme/nixpkgs?ref=feature/CRQ-016-nixify`.",
          "```nix",
          'configFlake.url = "./target/generated";',
          'inputs.tools = { url = "github:acme/the-tools"; };',
          "```",
          "See github:somebody/else for an unrelated thing.",
          "Run `nix run github:acme/helper?ref=x` to look.",
          "The input is `github:acme/naersk?ref=a/b`, not `github:nix-community/naersk`.",
        ].join("\n"),
      ),
    ).toEqual([
      [1, "inputs.nixpkgs.url", "github:acme/nixpkgs?ref=feature/CRQ-016-nixify"],
      [3, "inputs.configFlake.url", "./target/generated"],
      [4, "inputs.tools.url", "github:acme/the-tools"],
      [7, "command:nix run github:acme/helper?ref=x", "nix run github:acme/helper?ref=x"],
      [8, "inputs.naersk.url", "github:acme/naersk?ref=a/b"],
    ]);
  });

  it("know a repository that is nothing but a flake input in plain prose, and take no other place for one", () => {
    const values = (text: string) =>
      factsOf({ source: "d.md", sha256: "0", text }).flatMap(({ key, value }) =>
        key?.startsWith("inputs.") ? [`${key} ${value}`] : [],
      );
    expect([
      values("Crates are built with naersk, see `github:nix-community/naersk`."),
      values("The data set comes from github:acme/corpus and is large."),
      values("Thanks to github:acme/friends for everything."),
    ]).toEqual([["inputs.naersk.url github:nix-community/naersk"], [], []]);
  });

  it("correct commands that Nix refuses", () => {
    expect(
      stated(
        "Run `nix flake check .#workspace`, then `nix build .#checks.receipts`.\n\n    nix build\n\n```sh\nnix build .#tool -- --help  # all of it\nnix flake lock --update-input nixpkgs\n```\n`nix build .#<package>`\n",
      ),
    ).toEqual([
      [1, "command:nix flake check .#workspace", "nix build .#checks.SYSTEM.workspace"],
      [1, "command:nix build .#checks.receipts", "nix build .#checks.SYSTEM.receipts"],
      [6, "command:nix build .#tool", "nix build .#tool"],
      [7, "command:nix flake lock --update-input nixpkgs", "nix flake update nixpkgs"],
    ]);
  });

  it("know the builder a document names most, the oldest Rust, systems, and the rule against local paths", () => {
    expect(
      stated(
        "Built with crane.\nBuilt with naersk.\nWe use naersk.\nNot built with crate2nix.\nMSRV: 1.85\nSystems: x86_64-linux and aarch64-darwin\nLocal paths are not permitted.\n",
      ),
    ).toEqual([
      [2, "builder", "naersk"],
      [5, "rust.version", "1.85"],
      [6, "systems", "aarch64-darwin x86_64-linux"],
      [7, "rule.local-inputs", "forbidden"],
    ]);
  });

  it("cut the quote of a long line around what it shows", () => {
    const [fact] = factsOf({ source: "x", sha256: "", text: `${"a ".repeat(300)}built with naersk ${"b ".repeat(300)}` });
    expect(fact?.quote.length).toBeLessThanOrEqual(200);
    expect(fact?.quote).toContain("built with naersk");
  });
});

describe("documentFacts", () => {
  it("reads folders, files and the README, in order, and numbers the facts", async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      "docs/b.md": "Built with naersk.\n",
      "docs/a/deep.txt": "MSRV 1.80\n",
      "docs/c.png": "Built with crane.",
      "README.md": "Run `nix build .#x`.\n",
      "other.md": "MSRV 1.70\n",
    });
    const { facts, leftOut } = await documentFacts(["docs"], { root });
    expect(facts.map(({ id, source, key }) => [id, source, key])).toEqual([
      ["F-1", "docs/a/deep.txt", "rust.version"],
      ["F-2", "docs/b.md", "builder"],
      ["F-3", "README.md", "command:nix build .#x"],
    ]);
    expect(leftOut).toEqual(["docs: 1 file *.png, which is no document that is read"]);
    expect((await documentFacts([], { root })).facts).toEqual(facts);
  });

  it("says what it left out", async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      "docs/big.md": "x".repeat(2000),
      "docs/one.md": "MSRV 1.80\n",
      "docs/two.md": "MSRV 1.81\n",
      "docs/odd.md": "a\0b",
    });
    const budget = { files: 2, fileBytes: 1000, bytes: 10_000 };
    expect((await documentFacts(["docs", "nowhere"], { root, budget })).leftOut).toEqual([
      "nowhere: does not exist",
      "docs/big.md: 2000 bytes are more than the 1000 a document may have",
      "docs/odd.md: is no text",
    ]);
  });

  it("does not follow links out of the repository", async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    writeFiles(outside, { "secret.md": "Built with naersk.\n" });
    writeFiles(root, { "docs/a.md": "MSRV 1.80\n" });
    symlinkSync(join(outside, "secret.md"), join(root, "docs/link.md"));
    symlinkSync(outside, join(root, "docs/folder"));
    symlinkSync(join(outside, "secret.md"), join(root, "README.md"));
    expect((await documentFacts(["docs"], { root })).facts.map((fact) => fact.key)).toEqual(["rust.version"]);
  });

  it("names a document outside of the repository by the folder that was given, whatever lies above it", async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    writeFiles(outside, { "guide.md": "Built with naersk.\n" });
    expect((await documentFacts([outside], { root })).facts.map((fact) => fact.source)).toEqual([
      `external:${basename(outside)}/guide.md`,
    ]);
    const file = join(outside, "guide.md");
    expect((await documentFacts([file], { root })).facts.map((fact) => fact.source)).toEqual(["external:guide.md"]);
  });
});
