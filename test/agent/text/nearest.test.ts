import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "../../../src/agent/text/nearest.ts";

const TOOLS = ["list_files", "read_file", "search_text", "propose_edit", "nix_eval", "nix_build", "give_up"];

describe("nearest", () => {
  it.each([
    ["read_flie", ["read_file"]],
    ["readfile", ["read_file"]],
    ["build", ["nix_build"]],
    ["NIX_EVAL", ["nix_eval"]],
    ["nix_evaluate", ["nix_eval"]],
    ["bash", []],
    ["", []],
  ])("%s: %j", (name, expected) => {
    expect(nearest(name, TOOLS)).toEqual(expected);
  });
});

describe("didYouMean", () => {
  it.each([
    ["aply", ["apply", "draft"], "; did you mean apply?"],
    ["nixfy", ["nixify", "lattice"], "; did you mean nixify?"],
    ["zzz", ["apply", "draft"], ""],
    ["", ["apply"], ""],
    // Another number is another thing, not a slip of the hand.
    ["AC-9", ["AC-1", "AC-2"], ""],
    ["CRQ-009", ["CRQ-001"], ""],
    ["CQR-001", ["CRQ-001"], "; did you mean CRQ-001?"],
    ["x".repeat(100_000), ["apply"], ""],
  ])("%s", (name, candidates, expected) => {
    expect(didYouMean(name, candidates)).toBe(expected);
  });
});
