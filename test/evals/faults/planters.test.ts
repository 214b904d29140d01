import { describe, expect, test } from "vitest";
import { drawFrom } from "../../../src/evals/draw.ts";
import { PLANTERS, plant } from "../../../src/evals/faults/all.ts";
import { type GoodRepository, plantedFiles, type Supply } from "../../../src/evals/faults/fault.ts";
import { classOf, FAILURE_CLASSES } from "../../../src/nix/diagnose/classes.ts";
import { STYLES, type Style } from "../../rules/generated/good-flakes.ts";
import { GOOD_SHAPES, goodDraft } from "../../rules/generated/good-repositories.ts";

/** Planters without Nix: what they say of themselves, and what they do to files. That their faults are real is for the runs to show. */

const CRATES = [
  "itoa",
  "hex",
  "ryu",
  "fastrand",
  "smallvec",
  "lexopt",
  "openssl-sys",
  "pkg-config",
  "clang-sys",
  "cmake",
  "nasm-rs",
];
const supply: Supply = {
  system: "x86_64-linux",
  crate: (name) =>
    [...CRATES, "libloading", "either", "pico-args"].includes(name)
      ? [{ name, version: "1.0.0", checksum: "00", dependencies: [] }]
      : undefined,
  git: { url: "https://git.example.org/a/b", revision: "0".repeat(40) },
  refusedDownloads: "https://old.example.org",
};

const SEEDS = ["one", "two", "three"];

const repositories: readonly GoodRepository[] = GOOD_SHAPES.flatMap((shape) =>
  (Object.keys(STYLES) as Style[]).map((style) => {
    const draft = goodDraft(shape, style, "fixed", "x86_64-linux");
    return { ...draft, files: { ...draft.files, "flake.lock": "{}" } };
  }),
);

describe("the planters", () => {
  test("have names of their own and labels that belong to their rows", () => {
    const names = PLANTERS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    // Row 30 is a log that is hard to read, whatever went wrong.
    const wrong = PLANTERS.filter(({ row, label }) => row !== 30 && row !== (classOf(label)?.number ?? 0));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("cover all thirty classes of the table", () => {
    const rows = new Set(PLANTERS.map(({ row }) => row));
    expect(FAILURE_CLASSES.filter(({ number }) => !rows.has(number))).toEqual([]);
  });

  test("say why no rule alone can cure a fault, where they say so", () => {
    expect(PLANTERS.filter(({ mechanical, why }) => mechanical !== (why === undefined)).map(({ name }) => name)).toEqual([]);
  });

  test.each(PLANTERS.map((planter) => [planter.name, planter] as const))(
    "%s: the same seed, the same fault, in some repository of each seed",
    (_name, planter) => {
      for (const seed of SEEDS) {
        const planted = repositories.map((good) => plant(planter, good, drawFrom(`${seed} ${good.builder}`), supply));
        const again = repositories.map((good) => plant(planter, good, drawFrom(`${seed} ${good.builder}`), supply));
        expect(again).toEqual(planted);
        expect(planted.some((one) => one !== undefined)).toBe(true);
      }
    },
  );

  test("change a repository, and nothing that the edits do not name", () => {
    for (const good of repositories) {
      for (const planter of PLANTERS) {
        const planted = plant(planter, good, drawFrom(`${planter.name} edits`), supply);
        if (!planted) continue;
        const now = plantedFiles(good.files, planted.edits);
        const changed = [...new Set([...Object.keys(now), ...Object.keys(good.files)])].filter(
          (path) => now[path] !== good.files[path],
        );
        expect(changed, planter.name).not.toEqual([]);
        expect(
          changed.filter((path) => !(path in planted.edits)),
          planter.name,
        ).toEqual([]);
        // A fault that did not break out of its place leaves the description of the flake whole.
        expect(
          Object.values(now).filter((text) => text.includes("undefined")),
          planter.name,
        ).toEqual([]);
      }
    }
  });
});
