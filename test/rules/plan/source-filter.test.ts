import { describe, expect, it } from "vitest";
import { survey } from "../../../src/repo/survey.ts";
import { plannedSourceFilter } from "../../../src/rules/plan/source-filter.ts";
import { repositoryWith } from "../../repo/tree-on-disk.ts";

const manifest = (name: string) => `[package]\nname = "${name}"\nversion = "1.0.0"\n`;
const crate = {
  "Cargo.toml": manifest("tally"),
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tally"\nversion = "1.0.0"\n',
  "src/main.rs": "fn main() {}\n",
};

async function filterOf(files: Readonly<Record<string, string>>, folder = ".") {
  const surveyed = await survey(await repositoryWith(files), { ref: "HEAD" });
  if (!surveyed.cargo) throw new Error("no Cargo project");
  return plannedSourceFilter(surveyed, surveyed.cargo, folder);
}

describe("the source filter", () => {
  it("keeps Rust and cargo files alone where nothing else could be read", async () => {
    const files = {
      ...crate,
      "README.md": "# tally\n",
      "LICENSE-MIT": "…",
      ".github/workflows/ci.yml": "on: push\n",
      "docs/manual.md": "…",
      "flake.nix": "{ }",
      "rustfmt.toml": "",
      "build.sh": "",
    };
    expect(await filterOf(files)).toEqual({ kind: "cargo", keep: [] });
  });

  it("keeps what macros, tests and build scripts may read: folders whole, files one by one", async () => {
    const files = {
      ...crate,
      "src/main.rs": '#![doc = include_str!("../README.md")]\nfn main() {}\n',
      "README.md": "# tally\n",
      "templates/page.html": "…",
      "templates/deep/part.html": "…",
      "tests/cli.rs": "",
      "tests/data/in.txt": "…",
      ".sqlx/query-1.json": "{}",
      "words.txt": "one\n",
      NOTICE: "for people",
    };
    expect(await filterOf(files)).toEqual({
      kind: "cargo",
      keep: [".sqlx", "README.md", "templates", "tests", "words.txt"],
    });
  });

  it("looks at each member of a workspace by itself, and at what they share", async () => {
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      "Cargo.lock": "version = 4\n",
      "a/Cargo.toml": manifest("a"),
      "a/src/main.rs": "fn main() {}\n",
      "a/assets/logo.svg": "…",
      "a/README.md": "for people",
      "b/Cargo.toml": manifest("b"),
      "b/src/lib.rs": "",
      "fixtures/shared.json": "{}",
    };
    expect(await filterOf(files)).toEqual({ kind: "cargo", keep: ["a/assets", "fixtures"] });
  });

  it("filters nothing where the list would be longer than a reader's patience", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`data-${index}.csv`, "1\n"]));
    expect(await filterOf({ ...crate, ...many })).toEqual({ kind: "none" });
  });
});
