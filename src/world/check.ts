import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { loadContent, type WorldContent } from "./content/content.ts";
import { CrateError, cratePackage } from "./content/crate-package.ts";
import type { WorldProblem } from "./problem.ts";

export interface WorldCheck {
  readonly problems: readonly WorldProblem[];
  /** undefined where the folder is no world at all. */
  readonly content: WorldContent | undefined;
}

/** Verifies a world's names, hashes, refs and crates, and the checksums in every Cargo.lock that it serves. */
export async function checkWorld(directory: string): Promise<WorldCheck> {
  const { content, problems } = await loadContent(directory);
  if (!content) return { content, problems };
  const checksums = new Map<string, string>();
  const found: WorldProblem[] = [...problems];
  for (const crate of [...content.crates.values()].flat()) {
    const file = "archive" in crate.source ? crate.source.archive : crate.source.directory;
    try {
      checksums.set(`${crate.name} ${crate.version}`, (await cratePackage(crate)).checksum);
    } catch (error) {
      if (!(error instanceof CrateError)) throw error;
      found.push({ file, message: error.message, next: "mend its Cargo.toml, or fetch the .crate again" });
    }
  }
  for (const leaf of content.leaves.filter(({ path, mode }) => /(^|\/)Cargo\.lock$/.test(path) && mode !== "120000")) {
    const file = join(directory, leaf.path);
    found.push(...lockProblems(file, await readFile(file, "utf8"), checksums));
  }
  return { content, problems: found };
}

const lockSchema = z.looseObject({
  package: z
    .array(
      z.looseObject({
        name: z.string(),
        version: z.string(),
        source: z.string().exactOptional(),
        checksum: z.string().exactOptional(),
      }),
    )
    .default([]),
});

/**
 * Packages of a Cargo.lock whose checksum is not that of the world's crate. Crates that the world does not have are no problem here.
 * @param checksums `NAME VERSION` to sha256 in hex
 */
export function lockProblems(file: string, text: string, checksums: ReadonlyMap<string, string>): WorldProblem[] {
  let lock: z.infer<typeof lockSchema>;
  try {
    lock = lockSchema.parse(parse(text));
  } catch (error) {
    if (error instanceof TomlError)
      return [{ file, line: error.line, message: "is no Cargo.lock that parses", next: "let cargo write it" }];
    if (error instanceof z.ZodError)
      return [{ file, message: `is no Cargo.lock: ${z.prettifyError(error)}`, next: "let cargo write it" }];
    throw error;
  }
  return lock.package.flatMap((locked): WorldProblem[] => {
    const actual = checksums.get(`${locked.name} ${locked.version}`);
    const isRegistry = locked.source?.startsWith("registry+") === true || locked.source?.startsWith("sparse+") === true;
    if (!isRegistry || actual === undefined || locked.checksum === undefined || locked.checksum === actual) return [];
    const line = text.split("\n").findIndex((candidate) => candidate.includes(locked.checksum ?? "")) + 1;
    return [
      {
        file,
        line,
        message: `${locked.name} ${locked.version} is locked with the checksum ${locked.checksum}, and the world's crate has ${actual}`,
        next: "lock it again in this world, or bring the crate that was locked",
      },
    ];
  });
}
