import { readFile } from "node:fs/promises";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";

/** A script that cannot be used; the message names file and place. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

export const SCRIPT_SCHEMA = "crq-script/1";

const texts = z.array(z.string().min(1));

const expectation = z.strictObject({
  system: texts.exactOptional().describe("Texts that the system text contains."),
  tools: texts.exactOptional().describe("Tools that are offered; others may be."),
  "last-tool": z.string().exactOptional().describe("Tool whose result came last."),
  error: z.boolean().exactOptional().describe("Whether that result is an error."),
  contains: texts.exactOptional().describe("Texts that stand in the messages since the reply before."),
  absent: texts.exactOptional().describe("Texts that do not stand there."),
});
export type Expectation = z.infer<typeof expectation>;

const tokens = z.number().int().nonnegative().default(0);

const scriptedReply = z.strictObject({
  text: z.string().default(""),
  call: z
    .array(
      z.strictObject({
        tool: z.string(),
        arguments: z.record(z.string(), z.unknown()).exactOptional(),
        raw: z.string().exactOptional().describe("Sent as it is, in the place of arguments."),
        id: z.string().min(1).exactOptional(),
      }),
    )
    .default([]),
  stop: z.enum(["end", "tools", "length", "error"]).exactOptional().describe("Default: tools where there are calls, else end."),
  usage: z
    .strictObject({
      input: tokens,
      output: tokens,
      "cache-read": tokens,
      "cache-write": tokens,
      usd: z.number().nonnegative().default(0),
    })
    .prefault({}),
  expect: expectation.prefault({}),
});
export type ScriptedReply = z.infer<typeof scriptedReply>;

/** The file, as TOML or JSON: see docs/reference/scripted-model.md. */
export const scriptSchema = z.strictObject({ schema: z.literal(SCRIPT_SCHEMA), reply: z.array(scriptedReply).min(1) });

/** @throws ScriptError */
export async function readScript(file: string): Promise<readonly ScriptedReply[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new ScriptError(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  return parseScript(file, text);
}

export function parseScript(file: string, text: string): readonly ScriptedReply[] {
  const checked = scriptSchema.safeParse(file.endsWith(".toml") ? fromToml(file, text) : fromJson(file, text));
  if (checked.success) return checked.data.reply;
  const problems = checked.error.issues.map((issue) => `${issue.path.join(".") || "(the file)"}: ${issue.message}`);
  throw new ScriptError(`${file}: is no ${SCRIPT_SCHEMA}: ${problems.join("; ")}`);
}

function fromToml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ScriptError(`${file}:${error.line}:${error.column}: ${error.message.split("\n")[0]}`);
  }
}

function fromJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScriptError(
      `${file}: is not JSON (${error instanceof Error ? error.message : String(error)}); a TOML script ends in .toml`,
    );
  }
}
