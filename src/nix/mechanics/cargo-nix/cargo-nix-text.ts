import { parse } from "smol-toml";
import { z } from "zod";

/** What can be told of a Cargo.nix by reading it beside Cargo.lock, without running the tool that wrote it. */

const lockSchema = z.object({
  package: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        source: z.string().optional(),
        dependencies: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

const key = (name: string, version: string): string => `${name} ${version}`;

/**
 * Crates by which the file is surely out of step: those that Cargo.lock no longer has, and the project's own crates and their direct
 * dependencies that the file lacks. Cargo.lock may hold further crates that no feature turns on. A lock that does not parse says nothing.
 */
export function staleCrates(cargoNix: string, cargoLock: string): readonly string[] {
  const packages = lockedPackages(cargoLock);
  if (packages.length === 0) return [];
  const written = [...cargoNix.matchAll(/\bcrateName = "([^"]+)";\s+version = "([^"]+)";/gu)].map(
    ([, name = "", version = ""]) => ({ name, version }),
  );
  const locked = new Set(packages.map(({ name, version }) => key(name, version)));
  const there = new Set(written.map(({ name, version }) => key(name, version)));
  const names = new Set(written.map(({ name }) => name));
  const own = packages.filter(({ source }) => source === undefined);
  const gone = written.filter(({ name, version }) => !locked.has(key(name, version))).map(({ name }) => name);
  const fresh = own.filter(({ name, version }) => !there.has(key(name, version))).map(({ name }) => name);
  const wanted = own.flatMap(({ dependencies }) => dependencies.map((entry) => entry.split(" ")[0] ?? ""));
  return [...new Set([...gone, ...fresh, ...wanted.filter((name) => !names.has(name))])];
}

function lockedPackages(text: string): z.infer<typeof lockSchema>["package"] {
  try {
    return lockSchema.parse(parse(text)).package;
  } catch {
    return [];
  }
}
