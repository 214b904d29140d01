import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryFacts } from "../src/commands/catalogue/lint-facts.ts";
import { readConfig } from "../src/config.ts";
import { readCatalogue } from "../src/crq/catalogue/read.ts";
import { lintLists } from "../src/crq/lint/folder/lists.ts";
import { lint } from "../src/crq/lint/lint.ts";
import { parseSnippets, snippetsOf } from "../src/jobs/facts/lint/nix-snippets.ts";
import { createNix } from "../src/nix/run.ts";
import { findHost } from "../src/system/environment/host.ts";
import { openLiveEnvironment } from "../src/system/environment/live-environment.ts";

const root = join(import.meta.dirname, "..");

it("keeps this project's own CRQs to its own strict profile, with all that lint knows, and their lists in step", async () => {
  const config = await readConfig(root);
  const catalogue = await readCatalogue(root, config.crqs);
  const { facts } = await repositoryFacts({ root, config, catalogue });
  const snippets = snippetsOf(catalogue.entries.map(({ path, source }) => [`${config.crqs}/${path}`, source] as const));
  const host = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
  const scratch = await mkdtemp(join(tmpdir(), "crqs-"));
  const environment = await openLiveEnvironment({ host, cacheRoot: scratch, session: scratch, person: {} });
  const answers = await parseSnippets(createNix({ environment, folder: join(scratch, "nix") }), snippets, scratch);
  await environment.close();
  await rm(scratch, { recursive: true, force: true });
  const known = { ...facts, ...("problems" in answers && { nixProblems: answers.problems }) };
  const findings = catalogue.entries.flatMap(({ path, source }) => lint(`${config.crqs}/${path}`, source, "strict", known));
  const text = (name: string): Promise<string> => readFile(join(root, config.crqs, name), "utf8");
  const lists = lintLists(catalogue, { list: await text("list.txt"), index: await text("INDEX.md") }, "strict");
  expect({ documents: catalogue.entries.length > 0, findings, lists }).toEqual({ documents: true, findings: [], lists: [] });
});
