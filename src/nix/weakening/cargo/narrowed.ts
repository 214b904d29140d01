import type { ChangedText, Occurrence, WeakeningPattern } from "../patterns.ts";
import { lostDefaults } from "./default-features.ts";
import { heldTargets } from "./held-targets.ts";
import { isManifest, lineOfKey, readManifest } from "./manifest.ts";
import { lostMembers } from "./workspace-members.ts";

/** Manifests by which less is built or tested than before. One that is new, gone, or cannot be read on either side has nothing to be compared with. */
export function narrowedManifests(files: readonly ChangedText[]): readonly (Occurrence & { readonly file: string })[] {
  return files.flatMap(({ path, before, after }) => {
    if (!isManifest(path) || before === undefined || after === undefined) return [];
    const [was, is] = [readManifest(before), readManifest(after)];
    if (!was || !is) return [];
    const found = (pattern: WeakeningPattern, key: string, what: string): Occurrence & { readonly file: string } => ({
      pattern,
      file: path,
      line: lineOfKey(after, key),
      key: what,
      what,
    });
    return [
      ...lostDefaults(was, is, files).map((name) => found("default feature removed", "default", name)),
      ...lostMembers(was, is, path, files).map((what) => {
        const [, key = "members"] = what.split(": ");
        return found("workspace member removed", key, what);
      }),
      ...heldTargets(was, is, path, files).map((what) =>
        found("test target off", what.includes(": harness") ? "harness" : "required-features", what),
      ),
    ];
  });
}

/** Whether a manifest was there and could not be read: what it said is not known. */
export const wasUnreadable = ({ path, before }: ChangedText): boolean =>
  isManifest(path) && before !== undefined && readManifest(before) === undefined;
