import { z } from "zod";
import { GIVE_UP_REASONS, LIMITS } from "./outcome.ts";

/**
 * `crq-event/1`: the one format of the journal, of `--events`, of cassettes and of everything that is derived from them.
 * One JSON object a line. `at` is UTC milliseconds; `seq` counts from 0 without gaps.
 */

export const EVENT_SCHEMA = "crq-event/1";

export const usageSchema = z.object({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cacheRead: z.number().int().nonnegative(),
  cacheWrite: z.number().int().nonnegative(),
  usd: z.number().nonnegative().exactOptional(),
});

export const toolCallSchema = z.object({ id: z.string(), tool: z.string(), arguments: z.string() });

export const assistantSchema = z.object({
  role: z.literal("assistant"),
  text: z.string(),
  calls: z.array(toolCallSchema),
  usage: usageSchema,
  stop: z.enum(["end", "tools", "length", "error", "aborted"]),
  model: z.string(),
  raw: z.unknown().optional(),
  refusal: z.object({ status: z.number().int(), retryAfterMs: z.number().nonnegative().exactOptional() }).exactOptional(),
});

export const outcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done") }),
  z.object({ kind: z.literal("nothing-to-do"), detail: z.string() }),
  z.object({ kind: z.literal("partly"), reason: z.enum(GIVE_UP_REASONS).exactOptional(), detail: z.string() }),
  z.object({ kind: z.literal("gave-up"), reason: z.enum(GIVE_UP_REASONS), detail: z.string() }),
  z.object({
    kind: z.literal("question"),
    reason: z.enum(GIVE_UP_REASONS).exactOptional(),
    detail: z.string(),
    waivers: z.array(z.string()).readonly().exactOptional(),
  }),
  z.object({ kind: z.literal("unmet"), detail: z.string() }),
  z.object({ kind: z.literal("incomplete"), detail: z.string() }),
  z.object({ kind: z.literal("limit"), limit: z.enum(LIMITS), detail: z.string() }),
  z.object({ kind: z.literal("tampering"), detail: z.string() }),
  z.object({ kind: z.literal("provider"), detail: z.string() }),
  z.object({ kind: z.literal("infra"), detail: z.string() }),
  z.object({ kind: z.literal("interrupted") }),
]);

/** The payloads, without `seq` and `at`. */
export const eventBody = z.discriminatedUnion("type", [
  /** First line of every journal. `request` holds what resume needs (plain JSON of the job). */
  z.object({
    type: z.literal("session"),
    schema: z.literal(EVENT_SCHEMA),
    id: z.string(),
    agent: z.string(),
    verb: z.string(),
    model: z.string(),
    request: z.record(z.string(), z.unknown()),
  }),
  /** The job entered a phase: survey, draft, baseline, loop, verify, hand-over … */
  z.object({ type: z.literal("phase"), phase: z.string(), detail: z.string().exactOptional() }),
  z.object({ type: z.literal("user"), text: z.string() }),
  /** Journaled before the request is sent. `worstCase` is what is booked if no reply is ever journaled. */
  z.object({ type: z.literal("ask"), turn: z.number().int(), hash: z.string(), worstCase: usageSchema.exactOptional() }),
  /** Journaled before the reply is used. */
  z.object({
    type: z.literal("reply"),
    turn: z.number().int(),
    hash: z.string(),
    message: assistantSchema,
    ms: z.number(),
    /** Of the time since the request: how long it lay with somebody who may have been away. It is no work, and no wall time. */
    waitedMs: z.number().exactOptional(),
  }),
  /** A request that was in flight when the process died: booked as spent at its worst case. */
  z.object({
    type: z.literal("lost"),
    turn: z.number().int(),
    usage: usageSchema.exactOptional(),
    waitedMs: z.number().exactOptional(),
  }),
  z.object({ type: z.literal("call"), turn: z.number().int(), call: toolCallSchema }),
  z.object({
    type: z.literal("result"),
    turn: z.number().int(),
    callId: z.string(),
    tool: z.string(),
    text: z.string(),
    isError: z.boolean(),
    details: z.unknown().optional(),
    /** false: a tool that only looks; its failures are questions answered with no, and no sign of going in circles. */
    writes: z.boolean().exactOptional(),
    ms: z.number(),
    /** Set by a tool that ends the run: without it a crash right after this line would forget the end. */
    outcome: outcomeSchema.exactOptional(),
  }),
  z.object({ type: z.literal("mechanic"), name: z.string(), detail: z.string(), paths: z.array(z.string()) }),
  z.object({
    type: z.literal("build"),
    installable: z.string(),
    ok: z.boolean(),
    seconds: z.number(),
    fingerprint: z.string().exactOptional(),
  }),
  z.object({ type: z.literal("progress"), text: z.string() }),
  /** The worktree after a tool that writes, as a git tree: what resume puts back. */
  z.object({ type: z.literal("snapshot"), tree: z.string() }),
  /** Acceptance was run: baseline, during the loop, or the final verification. `report` is a crq-report/1 summary. */
  z.object({ type: z.literal("acceptance"), stage: z.enum(["baseline", "loop", "verify"]), report: z.unknown() }),
  z.object({ type: z.literal("warning"), text: z.string() }),
  z.object({ type: z.literal("outcome"), outcome: outcomeSchema, detail: z.record(z.string(), z.unknown()).exactOptional() }),
]);

export type EventBody = z.infer<typeof eventBody>;

export const eventEnvelope = z.object({ seq: z.number().int().nonnegative(), at: z.number() });
export type Event = EventBody & z.infer<typeof eventEnvelope>;
