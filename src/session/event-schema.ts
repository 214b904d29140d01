import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EVENT_SCHEMA, eventBody, eventEnvelope } from "../agent/events.ts";

export const EVENT_SCHEMA_FILE = "crq-event-1.schema.json";

/** JSON Schema (draft 2020-12) of one line of a journal, of `--events` and of a cassette, made from what the reader checks. */
export function eventJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(z.intersection(eventEnvelope, eventBody), { io: "input" }),
    title: `${EVENT_SCHEMA}: one line of a crq-agent journal`,
  };
}

/** Its file's text, as it is committed under docs/reference. */
export const eventSchemaText = (): string => `${JSON.stringify(eventJsonSchema(), null, 2)}\n`;

/** @param folder such as `docs/reference` */
export async function writeEventSchema(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, EVENT_SCHEMA_FILE);
  await writeFile(file, eventSchemaText());
  return file;
}
