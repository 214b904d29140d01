import { z } from "zod";
import { assistantSchema, toolCallSchema } from "../../agent/events.ts";
import type { Ask, AssistantMessage } from "../../agent/messages.ts";
import { WireError } from "./lines.ts";

/**
 * `crq-model/1`: a model that answers in another process, one JSON object a line, over one descriptor that both read and write. The side that
 * answers speaks first and says which model it is; then each ask gets one reply with its number.
 */

export const WIRE_SCHEMA = "crq-model/1";

/** A whole conversation travels in one line; tools clip what they say, so no honest one comes near. */
export const MAX_LINE = 256 * 1024 * 1024;

const rate = z.number().nonnegative();
const rates = { input: rate, output: rate, cacheRead: rate.exactOptional(), cacheWrite: rate.exactOptional() };

/** US dollars per million tokens. */
const price = z.strictObject({ ...rates, long: z.strictObject({ ...rates, above: z.number() }).exactOptional() });

const helloSchema = z.strictObject({
  schema: z.literal(WIRE_SCHEMA),
  name: z.string().min(1),
  /** null: unknown. */
  price: price.nullable(),
});
export type Hello = Readonly<z.infer<typeof helloSchema>>;

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("user"), text: z.string() }),
  z.strictObject({ ...assistantSchema.shape, calls: z.array(toolCallSchema).readonly() }),
  z.strictObject({
    role: z.literal("tool"),
    callId: z.string(),
    tool: z.string(),
    text: z.string(),
    isError: z.boolean(),
    details: z.unknown().optional(),
  }),
]);

const number = z.int().nonnegative();
const tool = z.strictObject({ name: z.string(), about: z.string(), parameters: z.record(z.string(), z.unknown()) });

const askSchema = z.strictObject({
  ask: number,
  system: z.string(),
  messages: z.array(message),
  tools: z.array(tool),
  maxOutputTokens: z.int().positive(),
});
const cancelSchema = z.strictObject({ cancel: number });

/** What the side that asks may say. */
const requestSchema = z.union([askSchema, cancelSchema]);
export type Request = Readonly<z.infer<typeof requestSchema>>;

const replySchema = z.strictObject({ reply: number, message: assistantSchema });
export type Reply = Readonly<z.infer<typeof replySchema>>;

/** @throws WireError */
export const readHello = (line: string): Hello => read(helloSchema, line);
/** @throws WireError */
export const readRequest = (line: string): Request => read(requestSchema, line);
/** @throws WireError */
export const readReply = (line: string): Reply => read(replySchema, line);

export const helloLine = (hello: Omit<Hello, "schema">): string => line({ schema: WIRE_SCHEMA, ...hello });
export const cancelLine = (ask: number): string => line({ cancel: ask });

/** The signal stays here: a cancel is a line of its own. */
export const askLine = (ask: number, { signal: _, ...rest }: Ask): string => line({ ask, ...rest });

/** What only the answering side is to know stays there. */
export const replyLine = (
  reply: number,
  { unavailable: _, refusal: __, unrecorded: ___, ...message }: AssistantMessage,
): string => line({ reply, message });

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

function read<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new WireError(`is no line of JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new WireError(`is no ${WIRE_SCHEMA} line: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
