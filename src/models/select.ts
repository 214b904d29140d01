import type { Model } from "../agent/messages.ts";
import { didYouMean, nearest, suggestion } from "../agent/text/nearest.ts";
import { secretsOf } from "../system/redact.ts";
import { DEFAULT_TIMEOUTS, type Timeouts } from "./attempt.ts";
import { DescriptorError, DescriptorModel } from "./descriptor/descriptor-model.ts";
import type { Price } from "./price.ts";
import { priceOf } from "./prices.ts";
import { PROVIDERS } from "./providers.ts";
import { CassetteError, RecordingModel, ReplayingModel } from "./recorded/cassette.ts";
import { ScriptError } from "./recorded/script-file.ts";
import { ScriptedModel } from "./recorded/scripted.ts";
import { AnthropicMessages } from "./vendors/anthropic.ts";
import { LangChainModel, MissingPackage } from "./vendors/langchain.ts";
import { OpenAIChat } from "./vendors/openai-chat.ts";
import { OpenAIResponses } from "./vendors/openai-responses.ts";
import type { Effort, VendorSettings } from "./vendors/vendor.ts";

/** A name of the user's own for a model, from crq-agent.toml. */
export interface ModelAlias {
  /** `PROVIDER:NAME` */
  readonly name: string;
  readonly baseUrl?: string;
  readonly api?: Api;
  readonly effort?: Effort;
}

export type Api = "responses" | "chat";

export interface ModelOptions {
  /** The only place keys come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  /** Of crq-agent.toml; a key is `PROVIDER:NAME`, `PROVIDER:*` or an alias. */
  readonly prices: Readonly<Record<string, Price>>;
  /** Makes the built-in planner, which lives on a floor above. */
  readonly rules?: () => Model | Promise<Model>;
  /** From the command line: goes before an alias. The user's own word, so that the provider's key is sent there. */
  readonly baseUrl?: string;
  readonly api?: Api;
  readonly effort?: Effort;
  /** Default 4. */
  readonly maxRetries?: number;
  readonly timeouts?: Partial<Timeouts>;
  /** Only LangChain's classes want it beforehand. Default 16,384. */
  readonly maxOutputTokens?: number;
}

/** Why there is no model: what is wrong and the next move. */
export interface ModelProblem {
  readonly problem: string;
}

export const isModelProblem = (made: Model | ModelProblem): made is ModelProblem => "problem" in made;

const problem = (text: string): ModelProblem => ({ problem: text });

/**
 * Makes the model that a user named: `rules`, `openai:NAME`, `anthropic:NAME`, `scripted:FILE`, `PROVIDER:NAME` for any other provider that
 * LangChain knows (`langchain:PROVIDER:NAME` takes that way also for OpenAI and Anthropic), or an alias. Vendors' packages are loaded here
 * and not before. No message ever holds a key. Internal: `descriptor:NUMBER`, a model that the starting process answers for.
 */
export async function createModel(spec: string, options: ModelOptions): Promise<Model | ModelProblem> {
  const alias = Object.hasOwn(options.aliases, spec) ? options.aliases[spec] : undefined;
  const name = alias?.name ?? spec;
  if (name === "rules") return (await options.rules?.()) ?? problem("the model `rules` is not part of this build");
  const colon = name.indexOf(":");
  const provider = name.slice(0, Math.max(0, colon));
  const rest = name.slice(colon + 1);
  if (colon > 0 && rest === "") return problem(`the model "${name}" names no model: write ${provider}:NAME`);
  try {
    switch (provider) {
      case "scripted":
        return await ScriptedModel.load(name, rest);
      case "descriptor":
        return await DescriptorModel.open(rest);
      case "openai":
        return await vendorModel(spec, alias, provider, rest, options);
      case "anthropic":
        return await vendorModel(spec, alias, provider, rest, options);
      case "mcp":
        return problem(
          `${name} is a client that was connected to \`crq-agent mcp\`, and works only through it: let it call open_change with the CRQ, or name a model that goes on with --model`,
        );
      case "langchain":
        return await langchainModel(spec, alias, rest, options);
      default:
        if (Object.hasOwn(PROVIDERS, provider)) return await langchainModel(spec, alias, name, options);
        return unknownModel(name, options);
    }
  } catch (error) {
    if (error instanceof ScriptError || error instanceof MissingPackage || error instanceof DescriptorError)
      return problem(error.message);
    throw error;
  }
}

/**
 * Puts a cassette around a model: `record:PATH` writes down what it says, `replay:PATH` answers in its place and never asks it.
 * @param make is called for `record:` alone, so that a replay needs neither key nor package
 */
export async function withCassette(
  cassette: string,
  spec: string,
  make: () => Promise<Model | ModelProblem>,
): Promise<Model | ModelProblem> {
  const [, mode, path] = /^(record|replay):(.+)$/su.exec(cassette) ?? [];
  if (mode === undefined || path === undefined)
    return problem(`the cassette "${cassette}" is neither record:PATH nor replay:PATH`);
  try {
    if (mode === "replay") return await ReplayingModel.load(spec, path);
    const model = await make();
    return isModelProblem(model) ? model : await RecordingModel.create(model, path);
  } catch (error) {
    if (error instanceof CassetteError) return problem(error.message);
    throw error;
  }
}

const KEYS = { openai: "OPENAI_API_KEY", anthropic: "ANTHROPIC_API_KEY" } as const;
const BASE_URLS = { openai: "OPENAI_BASE_URL", anthropic: "ANTHROPIC_BASE_URL" } as const;

async function vendorModel(
  spec: string,
  alias: ModelAlias | undefined,
  vendor: "openai" | "anthropic",
  model: string,
  options: ModelOptions,
): Promise<Model | ModelProblem> {
  const baseUrl = options.baseUrl ?? alias?.baseUrl ?? present(options.env[BASE_URLS[vendor]]);
  const key = findKey(spec, alias, KEYS[vendor], baseUrl, options);
  if (!key.ok) return problem(key.problem);
  const settings = settingsOf(spec, `${vendor}:${model}`, model, alias, key, baseUrl, options);
  if (vendor === "anthropic") return await AnthropicMessages.create(settings);
  return (options.api ?? alias?.api ?? "responses") === "chat"
    ? await OpenAIChat.create(settings)
    : await OpenAIResponses.create(settings);
}

async function langchainModel(
  spec: string,
  alias: ModelAlias | undefined,
  name: string,
  options: ModelOptions,
): Promise<Model | ModelProblem> {
  const colon = name.indexOf(":");
  const providerName = name.slice(0, Math.max(0, colon));
  const provider = Object.hasOwn(PROVIDERS, providerName) ? PROVIDERS[providerName] : undefined;
  if (provider === undefined || colon === name.length - 1) return unknownModel(name, options);
  const baseUrl = options.baseUrl ?? alias?.baseUrl;
  if (baseUrl !== undefined && provider.baseUrlOption === undefined) {
    return problem(
      `${providerName} cannot be reached at another base URL; servers that speak OpenAI's format are openai:NAME with api = "chat"`,
    );
  }
  const key = provider.keyVariable === undefined ? NO_KEY : findKey(spec, alias, provider.keyVariable, baseUrl, options);
  if (!key.ok) return problem(key.problem);
  const settings = settingsOf(spec, name, name.slice(colon + 1), alias, key, baseUrl, options);
  return await LangChainModel.create({ ...settings, providerName, provider, maxOutputTokens: options.maxOutputTokens ?? 16_384 });
}

interface Key {
  readonly ok: true;
  readonly value: string;
  readonly variable: string | undefined;
}

const NO_KEY: Key = { ok: true, value: "", variable: undefined };

/** Servers without keys (Ollama, vLLM) still want the header, and the SDKs want some text for it. */
const PLACEHOLDER = "none";

/**
 * A base URL from an alias stands in a file of the repository, whoever wrote it: the provider's key is never sent there. Such a server gets
 * its own variable, or none. A base URL from the command line or the environment is the user's own word.
 */
function findKey(
  spec: string,
  alias: ModelAlias | undefined,
  variable: string,
  baseUrl: string | undefined,
  options: ModelOptions,
): Key | { readonly ok: false; readonly problem: string } {
  if (alias?.baseUrl !== undefined && options.baseUrl === undefined) {
    const own = aliasKeyVariable(spec);
    return { ok: true, value: present(options.env[own]) ?? PLACEHOLDER, variable: own };
  }
  const value = present(options.env[variable]);
  if (value !== undefined) return { ok: true, value, variable };
  if (baseUrl !== undefined) return { ok: true, value: PLACEHOLDER, variable };
  return {
    ok: false,
    problem: `${spec} needs a key: set ${variable} in the environment (keys are read from nowhere else), or choose another model`,
  };
}

/** `CRQ_AGENT_KEY_` and the alias in capitals. */
export const aliasKeyVariable = (alias: string): string => `CRQ_AGENT_KEY_${alias.toUpperCase().replaceAll(/[^A-Z0-9]+/gu, "_")}`;

const present = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === "" ? undefined : value.trim();

function settingsOf(
  spec: string,
  fullName: string,
  model: string,
  alias: ModelAlias | undefined,
  key: Key,
  baseUrl: string | undefined,
  options: ModelOptions,
): VendorSettings {
  const own = alias !== undefined && Object.hasOwn(options.prices, spec) ? options.prices[spec] : undefined;
  const effort = options.effort ?? alias?.effort;
  return {
    name: spec,
    model,
    key: key.value,
    price: own ?? priceOf(fullName, options.prices, baseUrl === undefined),
    secrets:
      key.value === PLACEHOLDER
        ? secretsOf(options.env)
        : [...secretsOf(options.env), key.value].filter((secret) => secret !== ""),
    maxRetries: options.maxRetries ?? 4,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    ...(key.variable !== undefined && { keyVariable: key.variable }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(effort && { effort }),
  };
}

function unknownModel(name: string, options: ModelOptions): ModelProblem {
  const aliases = Object.keys(options.aliases);
  const providers = ["openai", "anthropic", "scripted", ...Object.keys(PROVIDERS)];
  const colon = name.indexOf(":");
  if (colon <= 0) {
    const guess = /^(?:gpt|o\d|codex|chatgpt)/u.test(name)
      ? `openai:${name}`
      : /^claude/u.test(name)
        ? `anthropic:${name}`
        : undefined;
    return problem(
      `there is no model "${name}"${guess === undefined ? didYouMean(name, ["rules", ...aliases, ...providers]) : `; did you mean ${guess}?`} Write rules, PROVIDER:NAME or scripted:FILE${listed("aliases", aliases)}`,
    );
  }
  const provider = name.slice(0, colon);
  return problem(
    `there is no provider "${provider}"${suggestion(nearest(provider, providers).map((near) => `${near}:${name.slice(colon + 1)}`))} Known: ${[...new Set(providers)].sort().join(", ")}${listed("aliases", aliases)}`,
  );
}

const listed = (what: string, names: readonly string[]): string => (names.length > 0 ? `; ${what}: ${names.join(", ")}` : "");
