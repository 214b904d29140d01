import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readArguments } from "../../../src/agent/call/arguments.ts";
import { defineTool } from "../../../src/agent/tool.ts";

const edit = z.union([
  z.strictObject({ path: z.string(), create: z.string() }),
  z.strictObject({ path: z.string(), replace: z.strictObject({ old: z.string(), new: z.string() }) }),
]);
const propose = defineTool({
  name: "propose_edit",
  about: "Proposes.",
  args: z.strictObject({ edits: z.array(edit), amend: z.boolean().default(false) }),
  writes: true,
  run: async () => ({ text: "" }),
});
const survey = defineTool({
  name: "survey",
  about: "Surveys.",
  args: z.strictObject({}),
  writes: false,
  run: async () => ({ text: "" }),
});

const refused = (received: string, cutOff = false): string => {
  const read = readArguments(propose, received, cutOff);
  return read.ok ? "accepted" : read.text;
};

describe("readArguments", () => {
  it("hands the tool what was sent, and the judge what it means", () => {
    expect(readArguments(propose, '{"edits":[]}', false)).toEqual({
      ok: true,
      json: { edits: [] },
      args: { edits: [], amend: false },
    });
  });

  it("takes nothing at all for no arguments, as some providers send it", () => {
    expect(readArguments(survey, "", false)).toEqual({ ok: true, json: {}, args: {} });
  });

  it("says where malformed JSON breaks and shows what was received", () => {
    expect(refused('{"edits": [{"path": "a", "create": "say "hi""}]}')).toBe(
      "propose_edit was not run: its arguments are not JSON from character 41 of 48 on.\n" +
        'Received: {"edits": [{"path": "a", "create": "say "⟪here⟫hi""}]}\n' +
        'Send the call again with one JSON object; inside strings write \\n for a line break and \\" for a quote.',
    );
  });

  it("tells cut off from malformed, also when nothing of the arguments arrived", () => {
    expect(refused('{"edits": [{"path"', true)).toContain("reached its output limit after 18 characters");
    expect(refused("", true)).toContain("reached its output limit after 0 characters");
    expect(refused('{"edits": [{"path"', false)).toContain("its arguments end too early: they are no whole JSON");
  });

  it("runs a call that was whole before the limit cut the reply", () => {
    expect(refused('{"edits":[]}', true)).toBe("accepted");
  });

  it("names each path, the branch that was meant and the expected shape", () => {
    expect(refused('{"edits":[{"path":"a","replace":{"old":"x","neu":"y"}}],"ammend":true}')).toBe(
      [
        "propose_edit was not run: its arguments do not fit.",
        "  edits[0].replace.new: Invalid input: expected string, received undefined",
        "  edits[0].replace.neu: unknown; leave it out",
        "  ammend: unknown; did you mean amend?",
        'Expected:\n  edits: {"type":"array","items":{"anyOf":[{"type":"object","properties":{"path":{"type":"string"},"create":{"type":"string"}},"required":["path","create"],"additionalProperties":false},{"type":"object","properties":{"path":{"type":"string"},"replace":{"type":"object","properties":{"old":{"type":"string"},"new":{"type":"string"}},"required":["old","new"],"additionalProperties":false}},"required":["path","replace"],"additionalProperties":false}]}}',
        "Mend these and send the call again.",
      ].join("\n"),
    );
  });

  it.each(["null", "[]", '"text"', "3"])("refuses %s, which is JSON but no object", (received) => {
    expect(refused(received)).toMatch(
      /^propose_edit was not run: its arguments do not fit\.\n {2}\(the arguments\): Invalid input: expected object/u,
    );
  });
});
