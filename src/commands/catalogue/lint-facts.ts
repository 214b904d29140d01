import { randomUUID } from "node:crypto";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import type { Catalogue } from "../../crq/catalogue/catalogue.ts";
import type { Files } from "../../crq/lint/folder/folder.ts";
import type { LintContext } from "../../crq/lint/rule.ts";
import type { CrqDocument } from "../../crq/parse/document.ts";
import { type LintFacts, lintContext } from "../../jobs/facts/lint/lint-context.ts";
import { parseSnippets, snippetsOf } from "../../jobs/facts/lint/nix-snippets.ts";
import { readCollisions } from "../../jobs/facts/numbers/collisions.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { tryGit } from "../../system/git.ts";
import type { CliContext } from "../wiring/context.ts";
import { openPlace, projectSettings } from "../wiring/open-place.ts";
import { listOfSettings } from "./new-id.ts";

export interface LintedPlace {
  readonly root: string;
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly texts: Files;
  readonly read: (path: string, source: string) => CrqDocument;
  /** Absolute paths of documents that facts cite. */
  readonly docs: readonly string[];
}

/** What the linter may know of a repository without Nix: for `lint`, and for the verbs that ask it before they go on. */
export async function repositoryFacts(
  { root, config, catalogue }: Pick<LintedPlace, "root" | "config" | "catalogue">,
  more: Pick<LintFacts, "author" | "today" | "base" | "systems" | "docs"> = {},
): Promise<{ readonly facts: LintContext; readonly notes: readonly string[] }> {
  const { otherRefs, notes } = await readCollisions(root, config.crqs, catalogue);
  const listedIds = ((await listOfSettings(root, config))?.documents ?? []).map(({ id }) => id);
  const facts = await lintContext({ root, settings: projectSettings(config), catalogue, otherRefs, listedIds, ...more });
  return { facts, notes };
}

/** What the linter may know, Nix's word on the `nix` fences included; `why` says what could not be had, by the part that is missing. */
export async function lintFacts(
  context: CliContext,
  { root, config, catalogue, texts, read, docs }: LintedPlace,
): Promise<{
  readonly known: LintContext;
  readonly why: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}> {
  const head = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: root });
  const { name } = await personIdentity(root, context.folders.home);
  const { facts, notes } = await repositoryFacts(
    { root, config, catalogue },
    {
      docs,
      today: new Date(context.now()).toISOString().slice(0, 10),
      author: `human:${name}`,
      systems: config.nix.systems,
      ...(head.exit === 0 && { base: head.stdout.trim() }),
    },
  );
  const why = { policy: "crq-agent.toml has no [policy.inputs]" };
  const snippets = snippetsOf(texts, read);
  if (snippets.length === 0) return { known: { ...facts, nixProblems: new Map() }, why, notes };
  const folder = join(context.folders.cache, "scratch", `lint-${randomUUID()}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A namespace cannot show a folder under a name that leads through a link.
  const scratch = await realpath(folder);
  const place = await openPlace(context, { world: undefined, scratch });
  try {
    const answers = await parseSnippets(place.nix, snippets, scratch);
    return "problems" in answers
      ? { known: { ...facts, nixProblems: answers.problems }, why, notes }
      : { known: facts, why: { ...why, nixProblems: answers.unchecked }, notes };
  } finally {
    await place.close();
  }
}
