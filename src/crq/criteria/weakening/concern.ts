import { parseAttributePath } from "../../../nix/attribute-path.ts";
import type { WeakeningPattern } from "../../../nix/weakening/patterns.ts";
import type { Weakening } from "../../../nix/weakening.ts";
import type { Check } from "../../checks.ts";
import type { Criterion, Crq } from "../../model.ts";
import { codeSpans } from "../report/changes/explained.ts";

/** Which criteria a weakening takes something from: those whose checks, steps or words rest on what became weaker. Pure. */

/** One entry for each criterion it concerns; without `ac` where it concerns none, so that the gate alone answers for it. */
export function attach(
  weakenings: readonly Weakening[],
  crq: Pick<Crq, "criteria" | "steps">,
): readonly (Weakening & { readonly ac?: string })[] {
  const live = crq.criteria.filter((criterion) => criterion.withdrawn === undefined);
  return weakenings
    .filter((weakening) => !isAskedFor(weakening, live))
    .flatMap((weakening): readonly (Weakening & { readonly ac?: string })[] => {
      const concerned = live.filter((criterion) => concerns(weakening, criterion, crq));
      return concerned.length === 0 ? [weakening] : concerned.map(({ id }) => ({ ...weakening, ac: id }));
    });
}

/** A criterion that a person approved says that it has to go: `forbid = ["checks.….old"]`, or `absent = true` for the file. */
function isAskedFor({ pattern, file, what = "" }: Weakening, live: readonly Criterion[]): boolean {
  const checks = live.flatMap((criterion) => criterion.checks);
  if (pattern === "check removed")
    return checks.some((check) => check.kind === "flake-outputs" && check.forbid.some((path) => isCheckNamed(path, what)));
  return pattern === "test removed" && checks.some((check) => check.kind === "file" && check.absent && check.path === file);
}

function concerns(weakening: Weakening, criterion: Criterion, { steps }: Pick<Crq, "steps">): boolean {
  const named = [
    ...codeSpans(criterion.text),
    ...steps.filter((step) => step.criteria.includes(criterion.id)).flatMap((step) => step.code),
  ];
  return (
    (weakening.file !== EVERYBODYS && named.some((span) => span.replace(/^\.\//u, "") === weakening.file)) ||
    criterion.checks.some((check) => !check.suggested && rests(check, weakening))
  );
}

/** Named by nearly every criterion and step, which says nothing about which of its outputs is meant. */
const EVERYBODYS = "flake.nix";

/** Whether a check's pass was worth more before. */
function rests(check: Check, weakening: Weakening): boolean {
  const { pattern, file } = weakening;
  const what = attributeOf(weakening.what);
  switch (check.kind) {
    case "flake-check":
      return (
        buildsMatter(pattern, file) &&
        (!isCheck(what, pattern) || check.require.length === 0 || check.require.some((name) => isCheckNamed(name, what)))
      );
    case "nix-build":
      return (
        buildsMatter(pattern, file) &&
        (pattern !== "check removed" || isCheckNamed(check.attr, what)) &&
        (!isAttribute(what) || sameAttribute(check.attr, what))
      );
    case "flake-outputs":
      return pattern === "check removed" && check.require.some((path) => isCheckNamed(path, what));
    case "dev-shell":
      return runsTests(check.run.argv) && (TESTS.has(pattern) || MANIFESTS.has(pattern));
    case "command":
      return (
        (runsTests(check.argv ?? [check.script ?? ""]) && (TESTS.has(pattern) || MANIFESTS.has(pattern))) ||
        namesFile([...(check.argv ?? []), check.script ?? ""], file)
      );
    case "run":
      return namesFile(check.argv, file);
    case "flake-inputs":
      return pattern === "policy exception added";
    case "file":
      return check.path === file;
    case "nix-eval":
      return (pattern === "allowBroken" || pattern === "import from derivation") && file.endsWith(".nix");
    case "doc":
    case "nix-parse":
    case "lock":
    case "git-scope":
    case "steps":
    case "manual":
      return false;
  }
}

const TESTS: ReadonlySet<WeakeningPattern> = new Set([
  "test removed",
  "test ignored",
  "test target off",
  "test runner replaced",
  "test skipped",
]);

/** Of a Cargo.toml: what is compiled and which crates are tested. */
const MANIFESTS: ReadonlySet<WeakeningPattern> = new Set(["default feature removed", "workspace member removed"]);

/** What a build would have said: anything in Nix, and tests and what is compiled wherever they are written. */
const buildsMatter = (pattern: WeakeningPattern, file: string): boolean =>
  file.endsWith(".nix") || TESTS.has(pattern) || MANIFESTS.has(pattern);

const runsTests = (argv: readonly string[]): boolean => argv.some((word) => /\b(?:test|nextest|check)\b/u.test(word));

const namesFile = (words: readonly string[], file: string): boolean =>
  words.some((text) => text.split(/[\s'"=]+/u).some((word) => word.replace(/^\.\//u, "") === file));

/** `packages.x86_64-linux.tally` of `packages.x86_64-linux.tally: postInstall: cp`. */
const attributeOf = (what = ""): string =>
  /^(?:checks|packages|devShells)\./u.test(what) ? (what.split(": ")[0] ?? what) : what;

const isAttribute = (what: string): boolean => /^(?:checks|packages)\./u.test(what);

/** Whether it names one check of the flake, by path or, as a text that lost it does, by name alone. */
const isCheck = (what: string, pattern: WeakeningPattern): boolean => pattern === "check removed" || what.startsWith("checks.");

/** `checks.${system}.test`, `checks.x86_64-linux.test` and `test` mean the same check. */
function isCheckNamed(written: string, what: string): boolean {
  const [name, path] = [parseAttributePath(written.replaceAll("${system}", "SYSTEM")), parseAttributePath(what)];
  if (!name || !path || name.at(-1) !== path.at(-1)) return false;
  return name.length === 1 || (name.length === 3 && name[0] === "checks");
}

function sameAttribute(written: string, what: string): boolean {
  const [one, other] = [parseAttributePath(written.replaceAll("${system}", "SYSTEM")), parseAttributePath(what)];
  return one !== undefined && one[0] === other?.[0] && one.at(-1) === other?.at(-1);
}
