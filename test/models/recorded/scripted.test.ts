import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ask } from "../../../src/agent/messages.ts";
import { parseScript } from "../../../src/models/recorded/script-file.ts";
import { ScriptedModel } from "../../../src/models/recorded/scripted.ts";
import { brief, input, play, reply } from "../../agent/play.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "script-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TOML = `
schema = "crq-script/1"

[[reply]]
text = "I look first."
call = [{ tool = "look", arguments = { at = "README.md" } }, { tool = "look", raw = '{"at": oops' }]
expect = { system = ["mend"], tools = ["look", "finish"], contains = ["Mend this"] }

[[reply]]
usage = { input = 10, output = 5, usd = 0.25 }
call = [{ tool = "finish", id = "bye", arguments = { detail = "enough" } }]

[reply.expect]
last-tool = "look"
error = true
contains = ["saw README.md", "not JSON"]
absent = ["AC-1"]
`;

describe("a scripted run", () => {
  it("says what the file says, to the requests it expects", async () => {
    writeFileSync(join(folder, "s.toml"), TOML);
    const model = await ScriptedModel.load("scripted:s.toml", join(folder, "s.toml"));
    const { events, end } = await play(input({ model, limits: { usd: 1 } }));
    expect(brief(events).slice(2, 8)).toEqual([
      "ask 1",
      "reply 1: tools",
      "call call-1-1 look",
      "result call-1-1 ok: saw README.md",
      "call call-1-2 look",
      expect.stringContaining("result call-1-2 error: look was not run"),
    ]);
    expect(end.outcome).toEqual({ kind: "gave-up", reason: "no-known-fix", detail: "enough" });
    expect(end.tally.usage).toEqual({ input: 10, output: 5, cacheRead: 0, cacheWrite: 0, usd: 0.25 });
  });
});

const ask = (messages: Ask["messages"]): Ask => ({
  system: "s",
  messages,
  tools: [],
  maxOutputTokens: 1,
  signal: new AbortController().signal,
});
const scripted = (replies: object[]): ScriptedModel =>
  new ScriptedModel("scripted:x", parseScript("x.json", JSON.stringify({ schema: "crq-script/1", reply: replies })));

describe("a request that was not expected", () => {
  it("ends the run with all that is missing and what came instead", async () => {
    const expects = { system: ["you"], tools: ["look"], "last-tool": "look", error: false, contains: ["yes"], absent: ["hello"] };
    const model = scripted([{ expect: expects }]);
    expect(await model.complete(ask([{ role: "user", text: "hello" }]))).toMatchObject({
      stop: "error",
      text:
        'scripted:x: reply 1 did not get the request it expects: the system text lacks "you"; the tool look is not offered (none is); ' +
        'the last message is from the user, not a result of look; the last result is an error: "hello"; "yes" is missing in "hello"; "hello" is there and should not be',
    });
  });

  it("says so when the script is at its end", async () => {
    expect(await scripted([{}]).complete(ask([reply({})]))).toMatchObject({
      stop: "error",
      text: "scripted:x: the script has 1 replies and was asked for another one",
    });
  });

  it("looks only at what is new since the reply before", async () => {
    const model = scripted([{}, { expect: { absent: ["old"] } }]);
    expect(
      await model.complete(ask([{ role: "user", text: "old" }, reply({ text: "old" }), { role: "user", text: "new" }])),
    ).toMatchObject({ stop: "end" });
  });

  it("is not answered after an abort", async () => {
    expect(await scripted([{}]).complete({ ...ask([]), signal: AbortSignal.abort() })).toMatchObject({ stop: "aborted" });
  });
});

it("the documented example is a script", () => {
  const page = readFileSync(new URL("../../../docs/reference/scripted-model.md", import.meta.url), "utf8");
  const example = /```toml\n(.*?)```/su.exec(page)?.[1] ?? "";
  expect(parseScript("example.toml", example).map(({ call, stop }) => [call.map(({ tool }) => tool), stop])).toEqual([
    [["read_file"], undefined],
    [["propose_edit"], "length"],
    [[], undefined],
  ]);
});

describe("a file that is no script", () => {
  it.each<[string, string, string]>([
    ["x.toml", "schema = \n", "x.toml:1:10: "],
    ["x.json", "{", "x.json: is not JSON"],
    ["x.json", '{"schema":"crq-script/2","reply":[]}', "x.json: is no crq-script/1: schema: "],
    [
      "x.json",
      '{"schema":"crq-script/1","reply":[{"txt":"hi"}]}',
      'x.json: is no crq-script/1: reply.0: Unrecognized key: "txt"',
    ],
  ])("%s with %s", (file, text, message) => {
    expect(() => parseScript(file, text)).toThrow(message);
  });

  it("says so when it cannot be read", async () => {
    await expect(ScriptedModel.load("s", join(folder, "no.toml"))).rejects.toThrow("no.toml: cannot be read");
  });
});
