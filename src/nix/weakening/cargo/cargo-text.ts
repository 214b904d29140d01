import { z } from "zod";
import type { Occurrence } from "../patterns.ts";
import { isManifest, lineOfKey, readManifest, toml } from "./manifest.ts";

/** Settings of Cargo by which tests exist but are not run (The Cargo Book, "Cargo Targets" and "Configuration"). */

const configuration = z.looseObject({ target: z.record(z.string(), z.looseObject({ runner: z.unknown() })).optional() });

const CONFIGURATION = /(?:^|\/)\.cargo\/config(?:\.toml)?$/u;

export const isCargoFile = (path: string): boolean => isManifest(path) || CONFIGURATION.test(path);

/** What of a manifest or a configuration keeps tests from running; text that does not parse says nothing. */
export function cargoWeakenings(path: string, text: string): readonly Occurrence[] {
  const keys = isManifest(path) ? targetsOff(text) : [];
  const runners = CONFIGURATION.test(path) ? runnersOf(text) : [];
  return [
    ...keys.map(([key, word]): Occurrence => ({ pattern: "test target off", line: lineOfKey(text, word), key, what: key })),
    ...runners.map((key): Occurrence => ({ pattern: "test runner replaced", line: lineOfKey(text, "runner"), key, what: key })),
  ];
}

function targetsOff(text: string): readonly (readonly [key: string, word: string])[] {
  const read = readManifest(text);
  if (!read) return [];
  const kinds = [["lib", read.lib ? [read.lib] : []] as const, ["bin", read.bin] as const, ["test", read.test] as const];
  return [
    ...(read.package?.autotests === false ? [["autotests = false", "autotests"] as const] : []),
    ...kinds.flatMap(([kind, targets]) =>
      targets.filter(({ test }) => test === false).map(({ name }) => [`${kind} ${name ?? ""}: test = false`, "test"] as const),
    ),
    // A target of tests of its own may bring its own harness; unit tests without one are never called.
    ...kinds
      .slice(0, 2)
      .flatMap(([kind, targets]) =>
        targets
          .filter(({ harness }) => harness === false)
          .map(({ name }) => [`${kind} ${name ?? ""}: harness = false`, "harness"] as const),
      ),
  ];
}

/** A runner stands between cargo and the tests: `true` as a runner lets all of them pass. */
function runnersOf(text: string): readonly string[] {
  const read = configuration.safeParse(toml(text)).data;
  return Object.entries(read?.target ?? {})
    .filter(([, { runner }]) => runner !== undefined)
    .map(([name, { runner }]) => `${name}: ${JSON.stringify(runner)}`);
}
