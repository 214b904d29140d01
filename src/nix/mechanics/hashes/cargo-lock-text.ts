import { parse } from "smol-toml";
import { z } from "zod";

const lockSchema = z.object({
  package: z.array(z.object({ name: z.string(), version: z.string(), source: z.string().optional() })).default([]),
});

/** `NAME-VERSION` of the crates of each git checkout, by `REPO-REVISION`; a Cargo.lock that does not parse knows none. */
export function lockedGitCrates(locks: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const checkouts = new Map<string, string[]>();
  for (const text of locks) {
    for (const { name, version, source } of packages(text)) {
      const [, url = "", revision = ""] = source?.match(/^git\+([^?#]+)[^#]*#([0-9a-f]{40})$/u) ?? [];
      const repo = url
        .replace(/\/+$/u, "")
        .replace(/\.git$/u, "")
        .split("/")
        .at(-1);
      if (!repo || revision === "") continue;
      const key = `${repo}-${revision}`;
      checkouts.set(key, [...(checkouts.get(key) ?? []), `${name}-${version}`]);
    }
  }
  return checkouts;
}

function packages(text: string): z.infer<typeof lockSchema>["package"] {
  try {
    return lockSchema.parse(parse(text)).package;
  } catch {
    return [];
  }
}
