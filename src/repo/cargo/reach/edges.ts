import type { PackageFeatures } from "./features.ts";
import type { Platform } from "./target-cfg.ts";

/**
 * Steps from one foreign crate to another that a plain build does not take. Cargo.lock has them all. Two sources: manifests of a few
 * crates that many projects hold, and the project's own features that are off, by the names of what they pass on.
 */

export type Step =
  | { readonly taken: "always" }
  | { readonly taken: "on"; readonly platform: Platform }
  | { readonly taken: "with"; readonly feature: string };

const ALWAYS: Step = { taken: "always" };

/** Optional dependencies that no default feature of the crate turns on (their manifests), and the features of that kind. */
const OPTIONAL: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "aws-lc-sys": ["bindgen"],
    "libsqlite3-sys": ["bindgen", "openssl-sys"],
    "mysqlclient-sys": ["bindgen", "mysqlclient-src", "openssl-sys"],
    "openssl-sys": ["aws-lc-sys", "bindgen", "openssl-src"],
    "pq-sys": ["bindgen", "pq-src"],
    "sdl2-sys": ["bindgen"],
    "zstd-sys": ["bindgen"],
  }),
);
/** Dependencies that count on one platform (their manifests and build scripts). */
const PLATFORM: Readonly<Record<string, Readonly<Record<string, Platform>>>> = {
  libproc: { bindgen: "darwin" },
  "native-tls": { openssl: "linux", "openssl-probe": "linux", "openssl-sys": "linux" },
};
/** A feature so named asks for a copy or for generated bindings, and says nothing about who depends on whom. */
const MANNER = /bindgen|bundle|static|vendor|pkg[-_]?config|dynamic|system/;

interface Guard {
  /** Of the project's own package. */
  readonly feature: string;
  readonly words: readonly string[];
}

/** What is known of the step between two crates, by their names. */
export function stepBetween(packages: readonly PackageFeatures[]): (from: string, to: string) => Step {
  const guards = guardsOf(packages);
  const asked = packages.flatMap(({ dependencies, passed }) => [
    ...dependencies.flatMap(({ features }) => features),
    ...[...passed.values()].flat(),
  ]);
  const manner = asked.filter((feature) => MANNER.test(feature));
  return (from, to) => {
    const platform = Object.hasOwn(PLATFORM, from) ? PLATFORM[from]?.[to] : undefined;
    if (platform !== undefined) return { taken: "on", platform };
    if (OPTIONAL.get(from)?.includes(to) && manner.length === 0) return { taken: "with", feature: `one of ${from}'s` };
    const guard = (guards.get(from) ?? []).find(({ words }) => alike(words, wordsOf(to)));
    return guard ? { taken: "with", feature: guard.feature } : ALWAYS;
  };
}

/**
 * Own features that are off and pass `DEPENDENCY/feature` on: the step from that dependency to a crate of a like name belongs to it.
 * A word that a feature which is on shares guards nothing.
 */
function guardsOf(packages: readonly PackageFeatures[]): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map<string, Guard[]>();
  for (const { local, dependencies, enabled, passed } of packages) {
    for (const { alias, crate, features } of dependencies) {
      const on = [...features, ...(passed.get(alias) ?? [])].flatMap(wordsOf);
      for (const [feature, items] of Object.entries(local.manifest.features)) {
        if (enabled.has(feature)) continue;
        for (const item of items) {
          const given = /^(?<alias>[^/?]+)\??\/(?<feature>.+)$/.exec(item)?.groups;
          if (given?.alias !== alias || given.feature === undefined || MANNER.test(given.feature)) continue;
          const words = wordsOf(given.feature).filter((word) => !alike([word], on));
          if (words.length > 0) guards.set(crate, [...(guards.get(crate) ?? []), { feature, words }]);
        }
      }
    }
  }
  return guards;
}

/** Words of a name that tell something: `libpulse-binding` gives pulse and binding. */
const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[-_]/)
    .map((word) => word.replace(/^lib(?=\w{3})/, ""))
    .filter((word) => word.length >= 3 && !COMMON_WORDS.has(word));
const COMMON_WORDS = new Set([
  "sys",
  "rust",
  "backend",
  "support",
  "default",
  "all",
  "full",
  "std",
  "features",
  "tls",
  "with",
  "use",
]);

/** Words of which one begins the other: sdl and sdl2, pulse and pulseaudio. */
const alike = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.some((other) => one.startsWith(other) || other.startsWith(one)));
