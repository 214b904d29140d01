import type { Files, ProgramRun } from "../../../src/evals/faults/fault.ts";
import { type FlakeParts, STYLES, type Style } from "./good-flakes.ts";
import { generateRepository, type Shape } from "./repositories.ts";

/** Generated crates with a flake that builds them: what faults are planted into. Locks and open hashes come from real runs. */

export interface GoodDraft {
  readonly files: Files;
  readonly builder: string;
  readonly style: Style;
  readonly shape: Shape;
  readonly seed: string;
  readonly attribute: string;
  readonly programs: readonly ProgramRun[];
  readonly about: string;
}

/** The shapes that have a program and a lock file. */
export const GOOD_SHAPES = [
  "plain binary",
  "registry dependencies",
  "workspace with two binaries",
  "native library",
  "included text file",
] as const satisfies readonly Shape[];

export function goodDraft(shape: (typeof GOOD_SHAPES)[number], style: Style, seed: string, system: string): GoodDraft {
  const made = generateRepository(shape, seed);
  const [first] = made.programs;
  if (!first) throw new Error(`${shape} has no program`);
  const lock = made.files["Cargo.lock"] ?? "";
  const version = lock.match(new RegExp(`name = "${first.crate}"\\nversion = "([^"]+)"`, "u"))?.[1] ?? "0.1.0";
  const parts: FlakeParts = {
    name: first.crate,
    version,
    about: made.about.replaceAll('"', ""),
    lock,
    needs: shape === "native library" ? { native: ["pkg-config"], libraries: ["openssl"] } : { native: [], libraries: [] },
  };
  return {
    files: { ...made.files, ...STYLES[style].files(parts), ".gitignore": "/target\n/result\n" },
    builder: STYLES[style].builder,
    style,
    shape,
    seed,
    attribute: `packages.${system}.default`,
    programs: made.programs.map(({ crate, program, sample }) => ({ crate, program, ...sample })),
    about: `${shape}, ${style}, seed ${seed}: ${made.about}`,
  };
}
