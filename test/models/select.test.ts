import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ask } from "../../src/agent/messages.ts";
import { aliasKeyVariable, createModel, isModelProblem, type ModelOptions, withCassette } from "../../src/models/select.ts";
import { playing } from "../agent/play.ts";
import { type ProviderServer, provider, refusing } from "./provider-server.ts";

const OPTIONS: ModelOptions = { env: {}, aliases: {}, prices: {} };
const ask: Ask = { system: "", messages: [], tools: [], maxOutputTokens: 1, signal: new AbortController().signal };

const made = async (spec: string, options: Partial<ModelOptions> = {}): Promise<unknown> => {
  const model = await createModel(spec, { ...OPTIONS, ...options });
  return isModelProblem(model) ? model.problem : `${model.constructor.name} ${model.name}`;
};

describe("createModel", () => {
  const env = { OPENAI_API_KEY: "sk-openai-key-1", ANTHROPIC_API_KEY: "sk-ant-key-1", MISTRAL_API_KEY: "m-key-12345" };

  it("makes what the name says", async () => {
    expect(await made("openai:gpt-5", { env })).toBe("OpenAIResponses openai:gpt-5");
    expect(await made("openai:gpt-5", { env, api: "chat" })).toBe("OpenAIChat openai:gpt-5");
    expect(await made("anthropic:claude-opus-5", { env })).toBe("AnthropicMessages anthropic:claude-opus-5");
    expect(await made("langchain:openai:gpt-5", { env })).toBe("LangChainModel langchain:openai:gpt-5");
    const planner = { ...playing([]), name: "rules" };
    expect(await createModel("rules", { ...OPTIONS, rules: () => planner })).toBe(planner);
  });

  it("follows an alias, and calls the model by it", async () => {
    const aliases = { fast: { name: "openai:gpt-5-mini", api: "chat" as const }, plan: { name: "rules" } };
    expect(await made("fast", { env, aliases })).toBe("OpenAIChat fast");
    expect(await made("plan", { aliases, rules: () => ({ ...playing([]), name: "rules" }) })).toBe("Object rules");
  });

  it.each<[string, string]>([
    [
      "openai:gpt-5",
      "openai:gpt-5 needs a key: set OPENAI_API_KEY in the environment (keys are read from nowhere else), or choose another model",
    ],
    [
      "anthropic:x",
      "anthropic:x needs a key: set ANTHROPIC_API_KEY in the environment (keys are read from nowhere else), or choose another model",
    ],
    [
      "mistralai:large",
      "mistralai:large needs a key: set MISTRAL_API_KEY in the environment (keys are read from nowhere else), or choose another model",
    ],
    ["openai:", 'the model "openai:" names no model: write openai:NAME'],
    ["langchain:openai:", expect.stringContaining("there is no provider")],
    ["rules", "the model `rules` is not part of this build"],
    ["ruels", 'there is no model "ruels"; did you mean rules? Write rules, PROVIDER:NAME or scripted:FILE; aliases: fast'],
    ["gpt-5", 'there is no model "gpt-5"; did you mean openai:gpt-5? Write rules, PROVIDER:NAME or scripted:FILE; aliases: fast'],
    ["scripted:/nowhere.toml", expect.stringContaining("/nowhere.toml: cannot be read")],
  ])("%s: says what is wrong and the next move", async (spec, expected) => {
    expect(await made(spec, { aliases: { fast: { name: "openai:x" } } })).toEqual(expected);
  });

  it("names near providers, whatever the case, and all of them", async () => {
    const text = await made("antropic:claude");
    expect(text).toContain('there is no provider "antropic"; did you mean anthropic:claude? Known: anthropic, aws, azure_openai');
    expect(await made("OpenAI:gpt-5")).toContain("did you mean openai:gpt-5");
    expect(await made("constructor:x")).toContain('there is no provider "constructor"');
  });

  it("names the package that a provider needs", async () => {
    expect(await made("mistralai:large", { env })).toBe(
      "mistralai:large needs the package @langchain/mistralai: npm install @langchain/mistralai (with -g where crq-agent was installed with -g)",
    );
  });

  it("never says a key", async () => {
    for (const spec of ["mistralai:large", "opnai:x", "openai:", "scripted:/no"])
      expect(await made(spec, { env })).not.toMatch(/key-1/u);
  });

  it("knows what a model costs: the list, the user's word, an alias, another server", async () => {
    const usd = async (spec: string, options: Partial<ModelOptions> = {}): Promise<number | undefined> => {
      const model = await createModel(spec, { ...OPTIONS, env, ...options });
      return isModelProblem(model) ? undefined : model.worstCase?.(ask).usd;
    };
    const dear = { input: 0, output: 1_000_000 };
    const aliases = { mine: { name: "openai:gpt-5", baseUrl: "http://127.0.0.1:1/v1" }, other: { name: "openai:gpt-5" } };
    expect(await usd("openai:gpt-5")).toBeLessThan(0.001);
    expect(await usd("openai:no-such")).toBeUndefined();
    expect(await usd("openai:gpt-5", { prices: { "openai:gpt-5": dear } })).toBe(1);
    expect(await usd("openai:gpt-5", { baseUrl: "http://127.0.0.1:1/v1" })).toBeUndefined();
    expect(await usd("mine", { aliases })).toBeUndefined();
    expect(await usd("mine", { aliases, prices: { mine: dear } })).toBe(1);
    expect(await usd("other", { aliases, prices: { "openai:*": dear } })).toBe(1);
  });
});

describe("where a key is sent", () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await provider([refusing(400, { error: { message: "no" } })]);
  });
  afterEach(() => server.close());

  const sentKey = async (spec: string, options: Partial<ModelOptions>): Promise<string | undefined> => {
    const model = await createModel(spec, { ...OPTIONS, ...options });
    if (isModelProblem(model)) throw new Error(model.problem);
    await model.complete(ask);
    return server.requests[0]?.headers.authorization;
  };
  const env = { OPENAI_API_KEY: "sk-openai-key-1" };

  it("to a server of the user's own choice", async () => {
    expect(await sentKey("openai:x", { env, baseUrl: `${server.url}/v1` })).toBe("Bearer sk-openai-key-1");
  });

  it("to the server that the environment names", async () => {
    expect(await sentKey("openai:x", { env: { ...env, OPENAI_BASE_URL: `${server.url}/v1` } })).toBe("Bearer sk-openai-key-1");
  });

  it("never to a server that a file of the repository names; it may have a key of its own", async () => {
    const aliases = { "my box": { name: "openai:x", baseUrl: `${server.url}/v1` } };
    expect(await sentKey("my box", { env, aliases })).toBe("Bearer none");
    expect(aliasKeyVariable("my box")).toBe("CRQ_AGENT_KEY_MY_BOX");
  });

  it("the server's own key, from the alias's own variable", async () => {
    const aliases = { box: { name: "openai:x", baseUrl: `${server.url}/v1` } };
    expect(await sentKey("box", { env: { ...env, CRQ_AGENT_KEY_BOX: "box-key-1" }, aliases })).toBe("Bearer box-key-1");
  });

  it("no key where none is set and the server is the user's own", async () => {
    expect(await sentKey("openai:x", { baseUrl: `${server.url}/v1` })).toBe("Bearer none");
  });
});

describe("withCassette", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "select-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const never = (): Promise<never> => Promise.reject(new Error("asked for the model"));

  it("records around a model, and replays without it", async () => {
    const file = join(folder, "c.jsonl");
    const recording = await withCassette(`record:${file}`, "test:play", async () => playing([{ text: "hi" }]));
    if (isModelProblem(recording)) throw new Error(recording.problem);
    await recording.complete(ask);
    const replaying = await withCassette(`replay:${file}`, "openai:gpt-5", never);
    if (isModelProblem(replaying)) throw new Error(replaying.problem);
    expect(await replaying.complete(ask)).toMatchObject({ text: "hi", model: "test:play" });
  });

  it("passes a model's problem on, and tells its own", async () => {
    expect(await withCassette(`record:${folder}/x`, "m", () => createModel("openai:x", OPTIONS))).toMatchObject({
      problem: expect.stringContaining("OPENAI_API_KEY"),
    });
    expect(await withCassette("tape:x", "m", never)).toEqual({
      problem: 'the cassette "tape:x" is neither record:PATH nor replay:PATH',
    });
    expect(await withCassette(`replay:${folder}/none`, "m", never)).toMatchObject({
      problem: expect.stringContaining("there is no such cassette"),
    });
    writeFileSync(join(folder, "bad"), "x\n");
    expect(await withCassette(`replay:${folder}/bad`, "m", never)).toMatchObject({
      problem: expect.stringContaining("bad:1: is no crq-event/1 event"),
    });
  });
});

describe("vendors' packages", () => {
  it("are not loaded by naming the makers, nor by making another model", () => {
    const select = new URL("../../src/models/select.ts", import.meta.url).href;
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { createModel } = await import(${JSON.stringify(select)});
      await createModel("openai:x", { env: {}, aliases: {}, prices: {} });
      await createModel("nosuch:x", { env: {}, aliases: {}, prices: {} });
      console.log(JSON.stringify(loaded.filter((url) => /node_modules\\/(openai|@anthropic-ai|langchain|@langchain)\\//.test(url))));`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(child.stderr).toBe("");
    expect(JSON.parse(child.stdout)).toEqual([]);
  });
});
