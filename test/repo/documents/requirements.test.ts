import { describe, expect, it } from "vitest";
import { factsOf } from "../../../src/repo/documents/document-facts.ts";

const stated = (text: string): readonly (string | undefined)[] =>
  factsOf({ source: "docs/x.md", sha256: "", text }).map(({ key, value }) => `${key} = ${value}`);

describe("requirements", () => {
  it.each([
    ["Flake inputs must not be local paths.", ["rule.local-inputs = forbidden"]],
    ["Local file paths as inputs are forbidden.", ["rule.local-inputs = forbidden"]],
    ["Every flake reference must be a GitHub address, and\nlocal paths are not permitted.", ["rule.local-inputs = forbidden"]],
    ["All flake references must use GitHub URLs.", ["rule.input-hosts = github"]],
    ["We generate a series of small flakes.", ["requirement.flakes = series"]],
    ["There is one flake per compiler call.", ["requirement.flakes = series"]],
    ["Each invocation gets its own flake.", ["requirement.flakes = series"]],
    ["It prints the record and calls `sys.exit(0)` instead of running the compiler.", ["requirement.interception = exit"]],
    ["The shim emits the call and exits with status 0.", ["requirement.interception = exit"]],
    ["The shim stands in for the first intercepted call\nand exits with status 0.", ["requirement.interception = exit"]],
    ["Generated files are never committed.", ["requirement.generated-files = uncommitted"]],
    ["`Cargo.nix` is committed with every change.", ["requirement.cargo-nix = committed"]],
    ["Never pass `--impure`.", ["requirement.impure = forbidden"]],
    ["The toolchain is pinned to Rust 1.79.", ["rust.toolchain = 1.79"]],
    ["The crate is written in Rust edition 2021.", ["rust.edition = 2021"]],
    ["The flakes go to `out/step001/flake.nix`.", ["steps.dir = out"]],
  ])("%s", (text, expected) => expect(stated(text)).toEqual(expected));

  it.each([
    "On success the program exits with status 0.",
    "The shim does not exit with status 0 in the first intercepted call.",
    "`Cargo.nix` is not committed.",
    "A series of lectures about flakes.",
    "The documentation is on GitHub.",
    "Generated reports are reviewed and committed.",
    "```sh\n# never use --impure\n```",
  ])("are not made up: %s", (text) => expect(stated(text)).toEqual([]));
});

describe("paths of one machine", () => {
  it("are cut out of quotes, and named as such where they are the value", () => {
    const facts = factsOf({
      source: "docs/x.md",
      sha256: "",
      text: 'In ~/notes/a.md: Rust crates are built with naersk.\n`inputs.config.url = "/home/jo/config"` is set.\n',
    });
    expect(facts.map(({ key, value, quote }) => ({ key, value, quote }))).toEqual([
      { key: "builder", value: "naersk", quote: "Rust crates are built with naersk." },
      { key: "inputs.config.url", value: "a path of one machine", quote: '`inputs.config.url = "' },
    ]);
  });
});
