import { lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { plainText } from "../../../agent/plain-text.ts";
import { CONFIG_FILE, readConfig } from "../../../config.ts";
import { type Catalogue, INDEX_FILE, LIST_FILE } from "../../../crq/catalogue/catalogue.ts";
import { compareGenerated, generateIndex, generateList } from "../../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../../crq/catalogue/read.ts";
import { saveText } from "../../../crq/catalogue/save.ts";
import { insideJail, JailError } from "../../../repo/workspace/jail.ts";
import { locate } from "../../../repo/workspace/workspace.ts";
import { errorText } from "../../../system/error.ts";
import { table } from "../../../ui/text.ts";
import { CommandError, type OutputOptions, type Verb } from "../../wiring/context.ts";
import { type Looked, look } from "./look.ts";
import { starterConfig } from "./starter-config.ts";

interface InitOptions extends OutputOptions {
  readonly repo: string;
  readonly dryRun?: boolean;
}

/** `crq-agent init`: what a project needs to begin, as far as the repository says it. Nothing that is there is changed. */
export const init: Verb<[InitOptions]> = async (context, ui, options) => {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const created: string[] = [];
  const present: string[] = [];
  const add = async (path: string, text: string): Promise<void> => {
    const file = await inRepository(root, path);
    if (await lstat(file).catch(() => undefined)) {
      present.push(path);
      return;
    }
    const refused = options.dryRun ? undefined : await saveText(file, undefined, text);
    if (refused !== undefined) throw new CommandError("not-written", refused);
    created.push(path);
  };
  // A configuration that cannot be read must be mended first: it names the folder.
  const config = await readConfig(root);
  const looked = await look(context, root, config);
  await inRepository(root, CONFIG_FILE);
  const settings = starterConfig({ docs: looked.docs, policy: looked.policy.found });
  const isNew = await makeFolder(root, config.crqs, options.dryRun ?? false);
  await add(CONFIG_FILE, settings);
  (isNew ? created : present).push(`${config.crqs}/`);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const index = generateIndex(catalogue, undefined);
  await add(`${config.crqs}/${LIST_FILE}`, generateList(catalogue));
  if ("text" in index) await add(`${config.crqs}/${INDEX_FILE}`, index.text);

  const stale = (await staleLists(root, config.crqs, catalogue)).filter((file) => !created.includes(file));
  const text = [
    ...lookedText(looked),
    ...(created.length > 0 ? [`${options.dryRun ? "Would make" : "Made"} ${created.join(", ")}.`] : []),
    ...(present.length > 0
      ? [`There already, left as ${present.length === 1 ? "it is" : "they are"}: ${present.join(", ")}.`]
      : []),
    ...(stale.length > 0 ? [`Out of date: ${stale.join(", ")}; run crq-agent index.`] : []),
    ...(git
      ? []
      : [
          "This folder is no git repository: CRQs can be drafted and applied here, but there are no branches to hand over; git init gives them.",
        ]),
    ...(options.dryRun && created.includes(CONFIG_FILE) ? ["", `${CONFIG_FILE}:`, settings] : []),
    ...(looked.commit
      ? []
      : [
          "This repository has no commit yet, and every draft and change begins from one. Commit first: git add -A && git commit",
        ]),
    `${catalogue.entries.length === 0 ? "Write the first CRQ" : `${catalogue.entries.length} CRQs are in ${config.crqs}/. Write the next one`}: crq-agent draft "what should change, in one sentence"`,
  ];
  ui.result({
    text: text.join("\n"),
    json: {
      schema: "crq-agent/init/1",
      ok: true,
      exit: 0,
      data: {
        created,
        present,
        outOfDate: stale,
        git,
        crqs: catalogue.entries.length,
        dryRun: options.dryRun ?? false,
        found: looked.facts,
        policy: looked.policy.found?.policy ?? null,
        left: looked.left,
      },
      diagnostics: catalogue.problems,
    },
  });
  return 0;
};

function lookedText({ facts, policy, left }: Looked): readonly string[] {
  const rows = [
    ...facts.map(({ what, value, because }) => [what, value, because === "" ? "" : `(${because})`]),
    ...(policy.found?.lines ?? []).map((line, at) => [at === 0 ? "policy" : "", policy.found?.policy.org ?? "", `(${line})`]),
  ];
  return [
    ...(rows.length > 0 ? ["Found:", plainText(table(rows.map((row) => ["", ...row])))] : []),
    "At their defaults:",
    plainText(table(left.map(({ key, why }) => ["", key, why]))),
    "",
  ];
}

async function inRepository(root: string, path: string): Promise<string> {
  return insideJail(root, path).catch((error: unknown) => {
    throw error instanceof JailError ? new CommandError("not-written", `${error.message}; nothing was made`) : error;
  });
}

/** @returns whether the folder was made */
async function makeFolder(root: string, folder: string, dryRun: boolean): Promise<boolean> {
  const path = await inRepository(root, folder);
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined) {
    await readdir(path).catch(() => {
      throw new CommandError(
        "unreadable-file",
        `${folder}: is there and is no folder that can be read; move it away, or set \`crqs\` in ${CONFIG_FILE}`,
      );
    });
    return false;
  }
  if (dryRun) return true;
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new CommandError("not-written", `${folder}: cannot be made (${errorText(error)})`);
  });
  return true;
}

async function staleLists(root: string, folder: string, catalogue: Catalogue): Promise<readonly string[]> {
  const text = (name: string): Promise<string | undefined> => readFile(join(root, folder, name), "utf8").catch(() => undefined);
  return compareGenerated(catalogue, { list: await text(LIST_FILE), index: await text(INDEX_FILE) }).map(({ file }) => file);
}
