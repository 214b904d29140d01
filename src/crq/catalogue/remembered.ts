import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type CrqSummary, summarySchema } from "./summary.ts";

/**
 * Summaries of documents that an earlier run parsed, by the hash of their bytes. Parsing is nearly all of the time that thousands of CRQs
 * take, and between two runs hardly any of them changes. Losing the file costs time and nothing else, so whatever is wrong with it is
 * passed over; a summary made by another build of the reader is never used.
 */
export interface Remembered {
  get(bytes: Uint8Array): CrqSummary | undefined;
  add(bytes: Uint8Array, summary: CrqSummary): void;
  /** Keeps the summaries that were asked for or added, if any of them is new. */
  save(): Promise<void>;
}

const fileSchema = z.strictObject({ reader: z.string(), summaries: z.record(z.string(), summarySchema) });

/** Rooms and files of this one that decide what a document says. */
const READER = [
  "parse",
  "toml",
  "parse.ts",
  "parse.js",
  "checks.ts",
  "checks.js",
  "variables.ts",
  "variables.js",
  "ids.ts",
  "ids.js",
];

/** @param folder of the user's cache; one file a CRQ folder is kept in it */
export async function rememberedSummaries(folder: string, repository: string, crqFolder: string): Promise<Remembered> {
  const key = createHash("sha256").update(`${repository}\0${crqFolder}`).digest("hex").slice(0, 24);
  const file = join(folder, "catalogues", `${key}.json`);
  const reader = await readerDigest();
  const before = await readFile(file, "utf8").then(parseFile, () => undefined);
  const known = new Map(before?.reader === reader ? Object.entries(before.summaries) : []);
  const used = new Map<string, CrqSummary>();
  let isNew = false;
  const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return {
    get(bytes) {
      const hash = hashOf(bytes);
      const summary = known.get(hash);
      if (summary !== undefined) used.set(hash, summary);
      return summary;
    },
    add(bytes, summary) {
      isNew = true;
      used.set(hashOf(bytes), summary);
    },
    async save() {
      if (!isNew) return;
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(temporary, JSON.stringify({ reader, summaries: Object.fromEntries(used) }));
        await rename(temporary, file);
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

function parseFile(text: string): z.infer<typeof fileSchema> | undefined {
  try {
    return fileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Names this build: the bytes of the files that read documents, and package.json, which pins the parsers they use. */
async function readerDigest(): Promise<string> {
  const room = dirname(import.meta.dirname);
  const digest = createHash("sha256");
  const names = (
    await Promise.all([...READER, "catalogue/summary.ts", "catalogue/summary.js"].map((name) => filesBelow(room, name)))
  ).flat();
  const files = [...names.sort().map((name) => join(room, name)), join(room, "../../package.json")];
  const texts = await Promise.all(files.map((file) => readFile(file)));
  for (const [index, text] of texts.entries())
    digest.update(`${files[index]?.slice(room.length)}\0${text.length}\0`).update(text);
  return digest.digest("hex");
}

async function filesBelow(room: string, name: string): Promise<string[]> {
  if (/\.[jt]s$/.test(name))
    return (await readdir(dirname(join(room, name)))).includes(name.split("/").at(-1) ?? name) ? [name] : [];
  const files = await readdir(join(room, name), { recursive: true });
  return files.filter((file) => /\.[jt]s$/.test(file)).map((file) => `${name}/${file}`);
}
