import { parse } from "smol-toml";
import { z } from "zod";

/** Who depends on whom in a Cargo.lock, and on which line each crate stands. Which features are on is not in it. */

export interface LockedNode {
  /** `name version`, with the source behind it where two sources give the same version. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** Line of its `name = …`, from 1; 0 where it was not found. */
  readonly line: number;
  /** A member or path dependency: it has no source. */
  readonly local: boolean;
  /** Keys of other nodes. */
  readonly dependencies: readonly string[];
}

const schema = z.object({
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

/** An unreadable lock gives an empty graph: parseCargoLock is the one that says what is wrong with it. */
export function lockGraph(text: string): ReadonlyMap<string, LockedNode> {
  let packages: z.infer<typeof schema>["package"];
  try {
    packages = schema.parse(parse(text)).package;
  } catch {
    return new Map();
  }
  const lines = namedLines(text);
  const byName = Map.groupBy(packages, ({ name }) => name);
  const keyOf = ({ name, version, source }: (typeof packages)[number]): string => {
    const twins = (byName.get(name) ?? []).filter((other) => other.version === version);
    return twins.length > 1 && source !== undefined ? `${name} ${version} (${source})` : `${name} ${version}`;
  };
  /** `name`, `name version` or `name version (source)`: as much as tells it from the others (Cargo's `resolver/encode.rs`). */
  const resolve = (written: string): readonly string[] => {
    const {
      name = "",
      version,
      source,
    } = /^(?<name>\S+)(?: (?<version>\S+)(?: \((?<source>.+)\))?)?$/.exec(written)?.groups ?? {};
    return (byName.get(name) ?? [])
      .filter(
        (entry) => (version === undefined || entry.version === version) && (source === undefined || entry.source === source),
      )
      .map(keyOf);
  };
  return new Map(
    packages.map((entry, index) => {
      const key = keyOf(entry);
      return [
        key,
        {
          key,
          name: entry.name,
          version: entry.version,
          line: lines[index] ?? 0,
          local: entry.source === undefined,
          dependencies: entry.dependencies.flatMap(resolve),
        },
      ];
    }),
  );
}

/** Lines of `name = …` right below each `[[package]]`, in order. */
function namedLines(text: string): readonly number[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) =>
    /^\[\[package\]\]\s*$/.test(line) ? [lines.findIndex((other, at) => at > index && /^name\s*=/.test(other)) + 1] : [],
  );
}
