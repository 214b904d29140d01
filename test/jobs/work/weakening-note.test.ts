import { expect, it } from "vitest";
import type { Waiver } from "../../../src/crq/model.ts";
import { weakeningNote } from "../../../src/jobs/work/gate/proposal-gate.ts";

const weakening = { pattern: "test skipped", file: "flake.nix", line: 12 };
const waiver = (more: Partial<Waiver>): Waiver => ({
  weakening: "test skipped:flake.nix",
  reason: "it needs the network",
  by: "human:mara",
  until: "2026-12-31",
  ...more,
});
const note = (...waivers: readonly Waiver[]): string => weakeningNote(weakening, waivers, "2026-11-28");

it("names the waiver that is there, and what it is worth today", () => {
  const what = "test skipped at flake.nix:12 weakens what is checked";
  expect(note()).toBe(`${what}: acceptance fails on it unless a person waives it`);
  expect(note(waiver({}))).toBe(`${what}: the waiver of human:mara for \`test skipped:flake.nix\` covers it`);
  const idle = (by: string, until: string) =>
    `${what}: acceptance fails on it unless a person waives it; the waiver for \`test skipped:flake.nix\` by ${by} (until ${until}) does not count yet or any more`;
  expect(note(waiver({ by: "agent:x" }))).toBe(idle("agent:x", "2026-12-31"));
  expect(note(waiver({ until: "2026-01-01" }))).toBe(idle("human:mara", "2026-01-01"));
  expect(note(waiver({ weakening: "test skipped:other.nix" }))).toBe(note());
});
