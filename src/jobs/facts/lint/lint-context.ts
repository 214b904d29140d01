import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Catalogue } from "../../../crq/catalogue/catalogue.ts";
import type { LintContext } from "../../../crq/lint/rule.ts";
import type { InputPolicy } from "../../../nix/policy/policy.ts";
import { standing } from "../../../nix/policy/reference.ts";
import { undeclaredArguments } from "../../../nix/recipes/existing/undeclared-arguments.ts";
import { git } from "../../../system/git.ts";
import { externalPath, isExternal } from "../../../system/source-name.ts";
import type { ProjectSettings } from "../../job-place.ts";
import { evidenceState } from "../runs/reports.ts";

/** What the linter is told of the target: files at HEAD, sources of facts, the input policy, other documents, and what Nix says of snippets. */
export interface LintFacts {
  /** The checkout, or the worktree of a session. */
  readonly root: string;
  readonly settings: ProjectSettings;
  readonly catalogue?: Catalogue;
  readonly otherRefs?: LintContext["otherRefs"];
  readonly listedIds?: readonly string[];
  readonly author?: string;
  readonly today?: string;
  readonly base?: string;
  readonly systems?: readonly string[];
  /** Absolute paths of folders and files of documents outside of the repository, by whose last names facts cite them. */
  readonly docs?: readonly string[];
}

/** Manifests, locks and flakes whose text counts as support for a claim, beside the names of all tracked files. */
const TARGET_FILES =
  /(?:^|\/)(?:Cargo\.(?:toml|lock)|flake\.lock|rust-toolchain(?:\.toml)?|package\.json|pyproject\.toml|go\.mod|[^/]+\.nix)$/u;
const MAX_TARGET_BYTES = 8 * 1024 * 1024;

export async function lintContext(facts: LintFacts): Promise<LintContext> {
  const { root, settings } = facts;
  const tracked = await git(["ls-files", "-z", "--cached"], { cwd: root }).then(
    (listed) => new Set(listed.split("\0").filter((path) => path !== "")),
    () => undefined,
  );
  const folders =
    tracked && new Set([...tracked].flatMap((path) => path.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
  let targetText: string | undefined;
  const inTarget = (text: string): boolean => {
    targetText ??= readTarget(root, tracked ?? new Set());
    // What the survey names as the default is known without a quote.
    return text === settings.nixpkgs || targetText.includes(text);
  };
  const policy = settings.inputPolicy;
  const today = facts.today ?? new Date().toISOString().slice(0, 10);
  return {
    exists: (path) =>
      tracked ? tracked.has(path) || (folders?.has(path.replace(/\/+$/u, "")) ?? false) : existsSync(join(root, path)),
    readSource: (source) => (isExternal(source) ? readExternal(facts.docs ?? [], source) : readSource(root, source)),
    inTarget,
    undeclaredInputs: undeclaredArguments,
    ...(policy && { policy: (url: string) => refusedBy(policy, url, today), forkRefs: Object.values(policy.forks) }),
    evidence: (report, sha256) => evidenceState(root, report, sha256),
    ...(facts.catalogue && { catalogue: facts.catalogue }),
    ...(facts.listedIds && { listedIds: facts.listedIds }),
    ...(facts.otherRefs && { otherRefs: facts.otherRefs }),
    ...(facts.author !== undefined && { author: facts.author }),
    ...(facts.today !== undefined && { today: facts.today }),
    ...(facts.base !== undefined && { base: facts.base }),
    ...(facts.systems && { systems: facts.systems }),
  };
}

/** Why the policy refuses an input address; undefined: it does not. Text does not say which input it means: an exception for any counts. */
export function refusedBy(policy: InputPolicy, url: string, today: string): string | undefined {
  const stands = standing(url, "anybody", policy, today);
  return stands.kind === "breaks" ? stands.judged.message : undefined;
}

/** undefined where no folder of that name was given: nobody can say whether the quote still stands there. */
function readExternal(docs: readonly string[], source: string): { text: string; sha256: string } | "missing" | undefined {
  const [folder = "", ...below] = externalPath(source).split("/");
  const places = docs.filter((path) => basename(path) === folder);
  if (places.length === 0) return undefined;
  const read = places.map((place) => {
    const inFolder = below.length > 0 ? readSource(place, below.join("/")) : undefined;
    return inFolder ?? readSource(dirname(place), folder);
  });
  return read.find((one) => one !== "missing") ?? "missing";
}

function readSource(root: string, path: string): { text: string; sha256: string } | "missing" {
  const absolute = resolve(root, path);
  if (!existsSync(absolute)) return "missing";
  const real = realpathSync(absolute);
  if (!real.startsWith(realpathSync(root) + sep)) return "missing";
  const bytes = readFileSync(real);
  return { text: bytes.toString("utf8"), sha256: createHash("sha256").update(bytes).digest("hex") };
}

function readTarget(root: string, tracked: ReadonlySet<string>): string {
  // The names of programs and modules are those of their files.
  let text = `${[...tracked].join("\n")}\n`;
  for (const path of tracked) {
    if (!TARGET_FILES.test(path) || text.length > MAX_TARGET_BYTES) continue;
    const absolute = join(root, path);
    if (existsSync(absolute)) text += `${readFileSync(absolute, "utf8")}\n`;
  }
  return text;
}
