import { defaultFeatures } from "../cargo/default-features.ts";
import { folderOf, isManifest, readManifest } from "../cargo/manifest.ts";
import type { ChangedText, Occurrence } from "../patterns.ts";
import { type RustTest, rustTests } from "./tests.ts";

/** Rust tests that a change takes away or switches off. */

/** Of all `.rs` files of a change together: a test that moved to another file, or was renamed, is still there. */
export function lostTests(files: readonly ChangedText[]): readonly (Occurrence & { readonly file: string })[] {
  const read = files
    .filter(({ path }) => path.endsWith(".rs"))
    .map(({ path, before = "", after = "" }) => ({
      path,
      was: rustTests(before, knownDefaults(files, path, "before")),
      is: rustTests(after, knownDefaults(files, path, "after")),
    }));
  const everyTest = read.flatMap(({ was }) => was.tests);
  const fresh = read.flatMap(({ was, is }) => without(is.tests, was.tests));
  const gone = read.flatMap(({ path, was, is }) => without(was.tests, is.tests).map((test) => ({ path, test })));
  const modules = new Set(read.flatMap(({ was, is }) => is.modules.filter((name) => !was.modules.includes(name))));
  const lost = gone.filter(({ test }) => !takeSuccessor(test, fresh));
  return [
    ...lost.map(({ path, test }) => finding(path, "test removed", 1, test.name)),
    ...read.flatMap(({ path, was, is }) => [
      ...switchedOff(everyTest, is.tests).map((test) => finding(path, "test ignored", test.line, test.name)),
      ...[...emptied(was.tests, is.tests), ...silenced(was.tests, is.tests)].map((test) =>
        finding(path, "test removed", test.line, test.name),
      ),
      ...is.shut
        .filter(({ name }) => was.modules.includes(name) || (/^tests?$/u.test(name) && hasModule(files, path, name)))
        .filter(({ name }) => !was.shut.some((one) => one.name === name))
        .map(({ name, line }) => finding(path, "test ignored", line, `mod ${name}`)),
      ...was.modules
        .filter((name) => !is.modules.includes(name) && !modules.has(name))
        .filter(() => files.some((file) => file.path === path && file.after !== undefined))
        .filter((name) => !new RegExp(`\\bmod\\s+${name}\\b`, "u").test(textOf(files, path)))
        .map((name) => finding(path, "test removed", 1, `mod ${name}`)),
    ]),
  ];
}

const finding = (file: string, pattern: Occurrence["pattern"], line: number, what: string): Occurrence & { file: string } => ({
  file,
  pattern,
  line,
  key: what,
  what,
});

/** Which features are on by default for a source file: what the nearest manifest of the change says. Of one that did not change nothing is known. */
function knownDefaults(files: readonly ChangedText[], path: string, side: "before" | "after"): (feature: string) => boolean {
  const [nearest] = files
    .filter((file) => isManifest(file.path) && path.startsWith(folderOf(file.path)))
    .sort((a, b) => b.path.length - a.path.length);
  const manifest = nearest?.[side] === undefined ? undefined : readManifest(nearest[side]);
  const on = manifest && defaultFeatures(manifest);
  return (feature) => on?.has(feature) === true;
}

const hasModule = (files: readonly ChangedText[], path: string, name: string): boolean =>
  new RegExp(`\\bmod\\s+${name}\\s*;`, "u").test(files.find((file) => file.path === path)?.before ?? "");

const textOf = (files: readonly ChangedText[], path: string): string => files.find((file) => file.path === path)?.after ?? "";

/** Tests of `some` beyond those that `others` name, each name counted as often as it stands. */
function without(some: readonly RustTest[], others: readonly RustTest[]): readonly RustTest[] {
  const left = new Map<string, number>();
  for (const { name } of others) left.set(name, (left.get(name) ?? 0) + 1);
  return some.filter(({ name }) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}

/** How much of two bodies must be the same words for one to be the other under a new name. */
const ALIKE = 0.6;

/** Finds the test that took over, and takes it out of `fresh` so that it follows one test only. A test that is off follows none. */
function takeSuccessor(test: RustTest, fresh: RustTest[]): boolean {
  const at = fresh.findIndex(
    (other) =>
      (!other.off || test.off) &&
      other.gates <= test.gates &&
      (other.name === test.name ? other.body !== "" : alike(test.body, other.body)),
  );
  if (at >= 0) fresh.splice(at, 1);
  return at >= 0;
}

function alike(one: string, other: string): boolean {
  if (one === other) return one !== "";
  const [a, b] = [words(one), words(other)];
  const common = [...a].filter((word) => b.has(word)).length;
  return common > 0 && common / (a.size + b.size - common) >= ALIKE;
}

const words = (body: string): ReadonlySet<string> => new Set(body.match(/\w+|[^\s\w]/gu) ?? []);

/** On before, wherever it stood, and off now, or behind one more feature that is. */
function switchedOff(was: readonly RustTest[], is: readonly RustTest[]): readonly RustTest[] {
  const before = new Map<string, readonly RustTest[]>();
  for (const test of was) before.set(test.name, [...(before.get(test.name) ?? []), test]);
  return is.filter(({ name, off, gates }) => {
    const same = before.get(name) ?? [];
    if (same.length === 0) return false;
    return (off && !same.some((test) => test.off)) || gates > Math.max(...same.map((test) => test.gates));
  });
}

/** Did something before and does nothing now. */
function emptied(was: readonly RustTest[], is: readonly RustTest[]): readonly RustTest[] {
  const full = new Set(was.filter(({ body }) => body !== "").map(({ name }) => name));
  return is.filter(
    ({ name, body }) => body === "" && full.has(name) && !was.some((test) => test.name === name && test.body === ""),
  );
}

/** Asserted something before; now it asserts nothing, or leaves before it does. Assertions that went into a function of their own are still there. */
function silenced(was: readonly RustTest[], is: readonly RustTest[]): readonly RustTest[] {
  return is.filter(({ name, body }) => {
    const before = was.filter((test) => test.name === name);
    if (body === "" || before.length === 0 || !before.every((test) => asserts(test.body) && !leaves(test.body))) return false;
    const known = new Set(before.flatMap((test) => calls(test.body)));
    return leaves(body) || (!asserts(body) && calls(body).every((call) => known.has(call) || PRINTS.test(call)));
  });
}

/** What compares nothing but constants and names with themselves. */
const SELF_EVIDENT = /\b(?:debug_)?assert(?:_eq)?!\s*\(\s*(?:true\b|(\w+)\s*(?:,|==)\s*\1\b)[^;]*\)\s*;?/gu;
const ASSERTS = /\b\w*(?:assert|expect|panic|unwrap|unreachable|check|verify|prop)\w*\s*!?\s*\(|\?\s*;/u;
const PRINTS = /^e?print(?:ln)?!$|^dbg!$/u;

const asserts = (body: string): boolean => ASSERTS.test(body.replace(SELF_EVIDENT, ""));
const leaves = (body: string): boolean => /^(?:return\b|if false\b)/u.test(body);

/** Names of functions and macros that are called, and of methods. */
const calls = (body: string): readonly string[] => body.match(/\b\w+!?(?=\s*\()/gu) ?? [];
