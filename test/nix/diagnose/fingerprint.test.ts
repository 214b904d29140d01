import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/nix/diagnose/diagnose.ts";
import { stableText } from "../../../src/nix/diagnose/fingerprint.ts";
import { EventReader } from "../../../src/nix/events.ts";

const folder = new URL("logs/", import.meta.url);
const recorded = readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));

function fingerprints(text: string): readonly string[] {
  const reader = new EventReader();
  reader.write(Buffer.from(text));
  const events = reader.end();
  return diagnose(events, {
    stage: "build",
    ownNames: ["app"],
    requested: events.derivations.map(({ drv }) => drv),
    flakeRoots: [],
  }).diagnoses.map(({ fingerprint }) => fingerprint);
}

const hash = fc.string({ unit: fc.constantFrom(..."0123456789abcdfghijklmnpqrsvwxyz"), minLength: 32, maxLength: 32 });
const seconds = fc.integer({ min: 1, max: 9_999 }).map((n) => `${(n / 100).toFixed(2)}s`);
const noise = fc.record({
  hash,
  seconds,
  thread: fc.nat(99_999),
  target: fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 16, maxLength: 16 }),
});

/** The same run at another time: store hashes, durations, thread numbers and cargo's own hashes differ. */
const again = (
  text: string,
  { hash: store, seconds: time, thread, target }: { hash: string; seconds: string; thread: number; target: string },
): string =>
  text
    .replace(/(\/nix\/store\/)[0-9a-z]{32}-/gu, `$1${store}-`)
    .replace(/in \d+\.\d+s/gu, `in ${time}`)
    .replace(/' \(\d+\) panicked/gu, `' (${thread}) panicked`)
    .replace(/-[0-9a-f]{16}\b/gu, `-${target}`);

describe("a fingerprint", () => {
  test.each(recorded)("of $file is the same in another run", ({ text }) => {
    const first = fingerprints(text);
    fc.assert(
      fc.property(noise, (values) => {
        expect(fingerprints(again(text, values))).toEqual(first);
      }),
      { numRuns: 5 },
    );
  });

  test("of different problems differs", () => {
    const kinds = recorded.filter(({ file }) => file.endsWith("2.26.jsonl"));
    const all = kinds.map(({ text }) => fingerprints(text)[0]);
    expect(new Set(all).size).toBe(kinds.length);
  });
});

test("stable text has no store hash, no temporary folder, no time", () => {
  expect(
    stableText(
      "at 2026-11-20T15:00:00Z /nix/store/0iq6imjgln3gkb7lr0wxr0q5r77czl2l-source/a.nix in 3.2s /build/source/src/x.rs /tmp/nix-shell.Ab/y 0xdeadbeef",
    ),
  ).toBe("at T source/a.nix in T x.rs y N");
});
