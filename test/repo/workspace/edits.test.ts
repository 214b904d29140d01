import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type FileEdit } from "../../../src/repo/workspace/edits.ts";

const state = (files: Record<string, string | undefined>) => new Map(Object.entries(files));

describe("applyEdits", () => {
  it("applies several files as one transaction and reports only what changed", () => {
    const edits: FileEdit[] = [
      { path: "flake.nix", create: "{ }\n" },
      { path: "README.md", replace: { old: "# a", new: "# b" } },
      { path: "old.nix", delete: true },
      { path: "x", move: "y" },
      { path: "same", replace: { old: "s", new: "s" } },
    ];
    expect(
      applyEdits(edits, state({ "flake.nix": undefined, "README.md": "# a\n", "old.nix": "1", x: "2", y: undefined, same: "s" })),
    ).toEqual({
      ok: true,
      changes: [
        { path: "README.md", before: "# a\n", after: "# b\n" },
        { path: "flake.nix", before: undefined, after: "{ }\n" },
        { path: "old.nix", before: "1", after: undefined },
        { path: "x", before: "2", after: undefined },
        { path: "y", before: undefined, after: "2" },
      ],
    });
  });

  it("refuses all of it when one part does not fit, and says where the nearest text is", () => {
    const result = applyEdits(
      [
        { path: "a", create: "new" },
        { path: "b", replace: { old: "  buildInput = [ pkgs.openssl ];", new: "" } },
        { path: "c", replace: { old: "x", new: "y" } },
        { path: "d", delete: true },
      ],
      state({ a: undefined, b: "one\ntwo\n  buildInputs = [ pkgs.openssl ];\nfour\n", c: "x\nx\n", d: undefined }),
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        "edit 2 (b): `old` does not occur in the file. Nearest lines:\n1: one\n2: two\n3:   buildInputs = [ pkgs.openssl ];\n4: four\n5: ",
        "edit 3 (c): `old` occurs more than once (lines 1 and 2); add a neighbouring line so that it is unique",
        "edit 4 (d): the file does not exist; use create for a new file, or list_files to see what is there",
      ],
    });
  });

  it("puts files back as the base had them, and lets later edits go on from there", () => {
    const base = state({ gone: "1\r\n", changed: "2\n", kept: "3\n", added: undefined, typo: undefined });
    const now = state({ gone: undefined, changed: "x\r\n", kept: "3\n", added: "new", typo: undefined });
    const restore = (path: string): FileEdit => ({ path, restore: true });
    expect(applyEdits([...["gone", "changed", "kept", "added"].map(restore)], now, base)).toEqual({
      ok: true,
      changes: [
        { path: "added", before: "new", after: undefined },
        { path: "changed", before: "x\r\n", after: "2\n" },
        { path: "gone", before: undefined, after: "1\r\n" },
      ],
    });
    expect(applyEdits([restore("gone"), { path: "gone", replace: { old: "1", new: "4" } }], now, base)).toEqual({
      ok: true,
      changes: [{ path: "gone", before: undefined, after: "4\r\n" }],
    });
    expect(applyEdits([restore("typo")], now, base)).toEqual({
      ok: false,
      problems: ["edit 1 (typo): the base commit has no such file, so nothing can be put back"],
    });
  });

  it("keeps the line ends of a CRLF file", () => {
    expect(
      applyEdits([{ path: "a", replace: { old: "two\nthree", new: "2\n3" } }], state({ a: "one\r\ntwo\r\nthree\r\n" })),
    ).toEqual({
      ok: true,
      changes: [{ path: "a", before: "one\r\ntwo\r\nthree\r\n", after: "one\r\n2\r\n3\r\n" }],
    });
  });

  it("replaces a unique text by any other and changes nothing around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (head, next, tail) => {
        const before = `${head}\u0001${tail}`.replaceAll("\r", "");
        const clean = next.replaceAll("\r", "");
        const result = applyEdits([{ path: "f", replace: { old: "\u0001", new: clean } }], state({ f: before }));
        fc.pre(before.indexOf("\u0001") === before.lastIndexOf("\u0001"));
        if (!result.ok) throw new Error(result.problems.join());
        expect(result.changes.map(({ after }) => after)).toEqual(
          clean === "\u0001" ? [] : [before.replace("\u0001", () => clean)],
        );
      }),
    );
  });
});
