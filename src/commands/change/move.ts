import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { didYouMean } from "../../agent/text/nearest.ts";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { saveTexts, type TextChange } from "../../crq/catalogue/save.ts";
import { supersede } from "../../crq/lifecycle/supersede.ts";
import { move as moveTo, PERSONS_MOVES, type PersonsMove } from "../../crq/lifecycle/transitions.ts";
import type { Crq } from "../../crq/model.ts";
import { appendHistory } from "../../crq/write/sections.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { type FoundCrq, locateCrq } from "../catalogue/find-crq.ts";
import { requireLists, writeLists } from "../catalogue/lists.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { personName } from "./approval/person.ts";
import { proposedCrq } from "./approval/ready-crq.ts";

interface MoveOptions extends OutputOptions {
  readonly repo: string;
  readonly reason?: string;
  readonly by?: string;
}

/** `crq-agent move CRQ STATUS`: a person's decision about a CRQ, with its reason in the history; supersede links on both sides at once. */
export const move: Verb<[string, string, MoveOptions]> = async (context, ui, argument, status, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  await requireLists(root, config.crqs);
  const found = await locateCrq(argument, context.cwd, root, config.crqs, { cache: context.folders.cache });
  const reason = options.reason?.replace(/\s+/gu, " ").trim();
  if (options.by !== undefined && status !== "superseded")
    throw new CommandError("option-conflict", "--by names the successor of a CRQ that is superseded; leave it out");
  const given = { date: new Date(context.now()).toISOString().slice(0, 10), by: `human:${await personName(context, root)}` };
  const before = await readFile(found.file, "utf8");
  const changes: TextChange[] = [];
  if (status === "superseded") {
    if (options.by === undefined)
      throw new CommandError("missing-argument", `by which CRQ? Name it: crq-agent move ${argument} superseded --by CRQ-NNN`);
    const successor = await locateCrq(options.by, context.cwd, root, config.crqs);
    const { entries } = await readCatalogue(root, config.crqs, context.folders.cache);
    const linked = supersede(found.crq, successor.crq, entries, { ...given, ...(reason && { reason }) });
    if ("problem" in linked) throw new CommandError("move-refused", linked.problem);
    changes.push({ file: found.file, before, after: linked.old });
    changes.push({ file: successor.file, before: await readFile(successor.file, "utf8"), after: linked.successor });
  } else {
    const after = await moved(found, personsMove(status), { root, config, given, reason, tell: (text) => ui.say(text) });
    changes.push({ file: found.file, before, after });
  }
  const refused = await saveTexts(changes);
  if (refused !== undefined) throw new CommandError("not-written", refused);
  await writeLists(root, config.crqs);
  const from = found.crq.metadata?.status ?? null;
  ui.result({
    text: `${found.path} is ${status} now${status === "superseded" ? `, and ${changes.at(-1)?.file.split("/").at(-1) ?? ""} says so too` : ""}.`,
    json: {
      schema: "crq-agent/move/1",
      ok: true,
      exit: 0,
      data: { path: found.path, from, to: status, written: changes.map(({ file }) => file) },
      diagnostics: [],
    },
  });
  return 0;
};

function personsMove(status: string): PersonsMove {
  const found = PERSONS_MOVES.find((known) => known === status);
  if (found !== undefined) return found;
  const verb = status === "approved" ? "crq-agent approve" : status === "closed" ? "crq-agent verify --close" : undefined;
  throw new CommandError(
    "unknown-status",
    verb === undefined
      ? `${status}: is no status to move to; there are ${[...PERSONS_MOVES, "superseded"].join(", ")}${didYouMean(status, [...PERSONS_MOVES, "superseded"])}`
      : `${status} needs more than a word: use \`${verb}\``,
  );
}

async function moved(
  { crq, path }: FoundCrq,
  to: PersonsMove,
  place: {
    readonly root: string;
    readonly config: Awaited<ReturnType<typeof readConfig>>;
    readonly given: { readonly date: string; readonly by: string };
    readonly reason: string | undefined;
    readonly tell: (text: string) => void;
  },
): Promise<string> {
  const ready: Crq =
    to === "proposed" && crq.metadata?.status === "draft" ? await proposedCrq(crq, place.root, place.config, place.tell) : crq;
  if (ready !== crq) {
    if (!place.reason) return ready.source;
    const noted = appendHistory(ready, place.given.date, `proposed by ${place.given.by}: ${place.reason}`);
    if ("problem" in noted) throw new CommandError("move-refused", noted.problem);
    return noted.source;
  }
  if (crq.metadata === undefined)
    throw new CommandError("bad-crq", `${path}: there is no valid metadata block; run \`crq-agent lint ${path}\``);
  if (place.reason === undefined || place.reason === "")
    throw new CommandError("missing-argument", `why? Say it for the history: crq-agent move ${path} ${to} --reason "…"`);
  const written = moveTo(crq, to, { ...place.given, reason: place.reason });
  if ("problem" in written) throw new CommandError("move-refused", written.problem);
  return written.source;
}
