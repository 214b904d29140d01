import { describe, expect, it } from "vitest";
import { programAnswers } from "../../../src/repo/sources/program-answers.ts";
import { rustTokens } from "../../../src/repo/sources/rust-tokens.ts";

const answers = (source: string, dependencies: readonly string[] = []) =>
  programAnswers([{ path: "src/main.rs", tokens: rustTokens(source) }], {
    binary: "tool",
    packageName: "tool",
    version: "1.2.3",
    manifest: "Cargo.toml",
    dependencies: new Set(dependencies),
  });

describe("programAnswers", () => {
  it("believes clap's derived version", () => {
    expect(answers('#[derive(Parser)]\n#[command(author, version, about = "x")]\nstruct Cli;', ["clap"])).toEqual([
      { arguments: ["--version"], stdout: "^\\S+ 1\\.2\\.3$", source: "src/main.rs" },
    ]);
  });

  it("does not believe a version that is given, nested or absent", () => {
    expect(answers('#[command(version = "9")]\nstruct Cli;', ["clap"])).toEqual([]);
    expect(answers("#[arg(long)]\nversion: bool", ["clap"])).toEqual([]);
    expect(answers("#[command(version)]\nstruct Cli;")).toEqual([]);
  });

  it("believes a hand-written branch that prints the package's version, and a usage text", () => {
    const source = `fn main() {
      match std::env::args().nth(1).as_deref() {
        Some("--version") => println!("tool {}", env!("CARGO_PKG_VERSION")),
        Some("--help") => println!("Usage: tool FILE"),
        _ => {}
      }
    }`;
    expect(answers(source)).toEqual([
      { arguments: ["--version"], stdout: "1\\.2\\.3", source: "src/main.rs:3" },
      { arguments: ["--help"], stdout: "[Uu][Ss][Aa][Gg][Ee]:", source: "src/main.rs:4" },
    ]);
  });

  it("promises nothing about standard error or about options in comments", () => {
    expect(answers('// "--version"\nfn main() { println!("{}", env!("CARGO_PKG_VERSION")); }')).toEqual([]);
    expect(answers('fn main() { if a == "--help" { eprintln!("Usage: tool"); } }')).toEqual([]);
  });
});
