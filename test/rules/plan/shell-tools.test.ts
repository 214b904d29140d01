import { describe, expect, it } from "vitest";
import { shellTools } from "../../../src/rules/plan/shell-tools.ts";

describe("shellTools", () => {
  it("adds what criteria run to the Rust tools, by the attribute that has it", () => {
    expect(
      shellTools([
        ["cargo", "--version"],
        ["cargo", "clippy"],
        ["cargo", "nextest", "run"],
        ["rust-analyzer", "--version"],
        ["protoc"],
        ["bash", "-c", "true"],
      ]),
    ).toEqual(["cargo", "rustc", "clippy", "rustfmt", "cargo-nextest", "rust-analyzer", "protobuf"]);
  });
});
