import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { eventBody } from "../../src/agent/events.ts";
import { EVENT_SCHEMA_FILE, eventJsonSchema, eventSchemaText } from "../../src/session/event-schema.ts";

it("is published as it is checked (to renew it: node scripts/reference.ts, or writeEventSchema)", () => {
  expect(readFileSync(new URL(`../../docs/reference/${EVENT_SCHEMA_FILE}`, import.meta.url), "utf8")).toBe(eventSchemaText());
});

it("describes every kind of event, each with its envelope, and lets later fields pass", () => {
  const line = z.object({
    oneOf: z.array(z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) })),
  });
  const { oneOf } = line.parse(eventJsonSchema());
  expect(oneOf.length).toBe(eventBody.options.length);
  for (const { properties, required } of oneOf) {
    expect(Object.keys(properties).slice(0, 3)).toEqual(["seq", "at", "type"]);
    expect(required).toEqual(expect.arrayContaining(["seq", "at", "type"]));
  }
});
