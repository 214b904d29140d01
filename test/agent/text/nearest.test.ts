import { describe, expect, it } from "vitest";
import { nearest } from "../../../src/agent/text/nearest.ts";

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
