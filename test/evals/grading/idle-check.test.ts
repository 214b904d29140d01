import { describe, expect, it } from "vitest";
import { isIdle } from "../../../src/evals/grading/change/gates/checks.ts";
import { parseDerivationFile } from "../../../src/nix/derivation-file.ts";

const derivation = (more: { readonly inputs?: string; readonly builder?: string; readonly output?: string }) => {
  const { inputs = "", builder = "/bin/sh", output = '("out","/nix/store/x-a","","")' } = more;
  const file = parseDerivationFile(
    `Derive([${output}],[${inputs}],["/nix/store/y-source"],"x86_64-linux","${builder}",["-c","x"],[])`,
  );
  if (file === undefined) throw new Error("the text is no derivation");
  return file;
};
const FIXED = '("out","/nix/store/x-a","r:sha256","00")';

describe("a check that tests nothing", () => {
  it.each([
    ["a shell with nothing but the flake's own files", {}],
    ["the same with a hash over what it writes", { output: FIXED }],
  ])("is %s", (_, more) => expect(isIdle(derivation(more))).toBe(true));

  it.each([
    ["a builder that needs another derivation", { inputs: '("/nix/store/z-bash.drv",["out"])' }],
    ["a download by Nix itself, whose hash is compared", { builder: "builtin:fetchurl", output: FIXED }],
  ])("is not %s", (_, more) => expect(isIdle(derivation(more))).toBe(false));
});
