import { describe, expect, it, test } from "vitest";
import type { TiedWeakening } from "../../../../src/crq/criteria/weakening/waivers.ts";
import type { Waiver } from "../../../../src/crq/model.ts";
import { weakeningNotes } from "../../../../src/jobs/work/gate/weakening-notes.ts";

const notes = (weakenings: readonly TiedWeakening[], waivers: readonly Waiver[] = []): readonly string[] =>
  weakeningNotes(weakenings, { waivers, today: "2026-11-28", atBase: (path) => path === "nix/a.nix" });
const phase = (what: string, ac: string): TiedWeakening => ({ pattern: "phase removed", file: "nix/a.nix", line: 1, what, ac });

test("one note for each pattern and file: what fails, until when, and the way back", () => {
  expect(
    notes([
      phase("postBuild: a", "AC-1"),
      phase("postBuild: b", "AC-1"),
      phase("postBuild: a", "AC-2"),
      phase("postBuild: c", "AC-2"),
      phase("postBuild: d", "AC-2"),
      { pattern: "stub builder", file: "flake.nix", line: 7 },
    ]),
  ).toEqual([
    'phase removed (postBuild: a; postBuild: b; postBuild: c; and 1 more) at nix/a.nix:1 weakens what is checked: AC-1, AC-2 will fail until it is put right or a person waives it. The edit {"path":"nix/a.nix","restore":true} puts the file back as it was at the base.',
    "stub builder at flake.nix:7 weakens what is checked: the acceptance will fail until it is put right or a person waives it. Fine is a builder that runs or compares something, or one that names the tested derivations (`echo ${tested} > $out`, symlinkJoin).",
  ]);
});

describe("a waiver", () => {
  const weakening = { pattern: "test skipped", file: "flake.nix", line: 12 };
  const waiver = (more: Partial<Waiver>): Waiver => ({
    weakening: "test skipped:flake.nix",
    reason: "it needs the network",
    by: "human:mara",
    until: "2026-12-31",
    ...more,
  });
  const note = (...waivers: readonly Waiver[]): readonly string[] => notes([weakening], waivers);

  it("is named where it is there, and what it is worth today", () => {
    const what = "test skipped at flake.nix:12 weakens what is checked";
    const fails = `${what}: the acceptance will fail until it is put right or a person waives it`;
    expect(note()).toEqual([`${fails}.`]);
    expect(note(waiver({}))).toEqual([`${what}: the waiver of human:mara for \`test skipped:flake.nix\` covers it`]);
    const idle = (by: string, until: string) => [
      `${fails}; the waiver for \`test skipped:flake.nix\` by ${by} (until ${until}) does not count yet or any more.`,
    ];
    expect(note(waiver({ by: "agent:x" }))).toEqual(idle("agent:x", "2026-12-31"));
    expect(note(waiver({ until: "2026-01-01" }))).toEqual(idle("human:mara", "2026-01-01"));
    expect(note(waiver({ weakening: "test skipped:other.nix" }))).toEqual(note());
  });
});
