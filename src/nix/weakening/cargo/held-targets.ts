import type { ChangedText } from "../patterns.ts";
import { defaultFeatures } from "./default-features.ts";
import { folderOf, type Manifest, type Target } from "./manifest.ts";

type Kind = "bin" | "test";

/** Targets that were there and that Cargo now leaves out without a feature that is off, and tests whose functions a harness of its own no longer calls. */
export function heldTargets(was: Manifest, is: Manifest, path: string, files: readonly ChangedText[]): readonly string[] {
  const on = defaultFeatures(is);
  const off = (target: Target): readonly string[] => target["required-features"].filter((name) => !on.has(name));
  const wasOff = (target: Target | undefined): boolean =>
    target?.["required-features"].some((name) => !defaultFeatures(was).has(name)) === true;
  const kinds: readonly Kind[] = ["bin", "test"];
  return [
    ...kinds.flatMap((kind) =>
      is[kind]
        .filter((target) => off(target).length > 0 && !wasOff(same(was[kind], target)))
        .filter((target) => same(was[kind], target) !== undefined || !isNew(sources(kind, target, is, path), files))
        .map((target) => `${kind} ${target.name ?? ""}: required-features = ${off(target).join(", ")}`),
    ),
    ...is.test
      .filter(({ harness }) => harness === false)
      .filter((target) => {
        const before = same(was.test, target);
        return before ? before.harness !== false : hadTests(sources("test", target, is, path), files);
      })
      .map(({ name = "" }) => `test ${name}: harness = false`),
  ];
}

const same = (targets: readonly Target[], { name, path }: Target): Target | undefined =>
  targets.find((one) => one.name === name) ?? targets.find((one) => path !== undefined && one.path === path);

/** Where Cargo looks for it. */
function sources(kind: Kind, { name = "", path }: Target, manifest: Manifest, at: string): readonly string[] {
  const folder = folderOf(at);
  if (path !== undefined) return [folder + path];
  const places =
    kind === "test" ? [`tests/${name}.rs`, `tests/${name}/main.rs`] : [`src/bin/${name}.rs`, `src/bin/${name}/main.rs`];
  return [...places, ...(kind === "bin" && manifest.package?.name === name ? ["src/main.rs"] : [])].map((one) => folder + one);
}

const isNew = (paths: readonly string[], files: readonly ChangedText[]): boolean =>
  files.some(({ path, before }) => before === undefined && paths.includes(path));

const hadTests = (paths: readonly string[], files: readonly ChangedText[]): boolean =>
  files.some(({ path, before = "" }) => paths.includes(path) && /#\s*\[\s*(?:\w+\s*::\s*)*test\b/u.test(before));
