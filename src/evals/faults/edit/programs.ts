import type { Draw } from "../../draw.ts";
import type { GoodRepository, Planted } from "../fault.ts";
import { builderCall, setArgument } from "./flake-text.ts";
import { type Crate, crateNamed, withTest } from "./manifests.ts";
import { drawWord } from "./words.ts";

/** Edits of the first program's crate: a build script of its own, a test more. */

/** The crate of the first program, where it has no build script yet. */
export function firstCrate({ files, programs: [first] }: GoodRepository): Crate | undefined {
  const crate = first && crateNamed(files, first.crate);
  return crate && files[`${crate.folder}build.rs`] === undefined ? crate : undefined;
}

/** Gives the crate a build script. */
export function withBuildScript(
  repository: GoodRepository,
  text: string,
  what: string,
  more: Partial<Planted> = {},
): Planted | undefined {
  const crate = firstCrate(repository);
  return crate && { edits: { [`${crate.folder}build.rs`]: text }, checkout: {}, what, ...more };
}

/** A test more; tests run where the builder does not run them by itself. */
export function withFurtherTest(
  repository: GoodRepository,
  draw: Draw,
  body: string,
  what: string,
  more: Partial<Planted> = {},
): Planted | undefined {
  const crate = firstCrate(repository);
  const call = builderCall(repository.files);
  if (!crate || !call) return undefined;
  const checks = call.builder === "buildRustPackage" ? {} : setArgument(repository.files, call, "doCheck", "true");
  const name = drawWord(draw);
  const source = withTest(repository.files[crate.main] ?? "", name, body);
  return { edits: { ...checks, [crate.main]: source }, checkout: {}, what: `the test ${name} ${what}`, ...more };
}
