import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Model } from "../../../agent/messages.ts";
import type { Config } from "../../../config.ts";
import { referenceModels } from "../../../evals/reference/reference-models.ts";
import type { RunModel } from "../../../evals/run/manifest.ts";
import type { PricedModel } from "../../../evals/run/plan/plan-run.ts";
import type { TrialModel } from "../../../evals/trial/trial-model.ts";
import { priceOf } from "../../../models/prices.ts";
import { createModel, isModelProblem, type ModelOptions } from "../../../models/select.ts";
import { createRules, RULES } from "../../../rules/rules.ts";
import { sha256 } from "../../../world/content/listing.ts";
import { aliasOf, modelPriceOf } from "../../wiring/choose-model.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";

type ModelContext = Pick<CliContext, "cwd" | "env" | "packageRoot">;

/** A model as it was asked for: `[alias=]NAME`. */
export interface NamedModel {
  readonly alias: string;
  /** `PROVIDER:NAME`, `scripted:FILE`, `rules`, or an alias of crq-agent.toml. */
  readonly spec: string;
}

/** @throws CommandError (exit 2) for a name that is empty or given twice */
export function parseModels(texts: readonly string[]): readonly NamedModel[] {
  const named = texts
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text): NamedModel => {
      const at = text.indexOf("=");
      const [alias, spec] = at < 0 ? [text, text] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      if (alias === "" || spec === "") throw new CommandError("bad-value", `--models: "${text}" is no [ALIAS=]NAME`);
      return { alias, spec };
    });
  const twice = named.find(({ alias }, at) => named.findIndex((one) => one.alias === alias) !== at);
  if (twice)
    throw new CommandError(
      "bad-value",
      `--models: the alias "${twice.alias}" is given twice; write OTHER=${twice.spec} for one of them`,
    );
  return named;
}

/**
 * The models of a run: those that were asked for, and, unless `only`, `rules` and the references. Each real one is made once here, so
 * that an unknown name or a missing key ends the run before its first trial.
 * @param replayed no model is asked, so that none needs a key
 * @throws CommandError (exit 2)
 */
export async function makeModels(
  context: ModelContext,
  config: Config,
  named: readonly NamedModel[],
  only: boolean,
  replayed = false,
): Promise<readonly PricedModel[]> {
  const own = named.filter(({ alias, spec }) => !(alias === RULES && spec === RULES));
  const references = referenceModels();
  const always = only ? [] : references;
  const askedReferences = own.filter(({ alias, spec }) => alias === spec && references.some((model) => model.alias === alias));
  const rest = own.filter((one) => !askedReferences.includes(one));
  const withRules = !only || named.some(({ alias, spec }) => alias === RULES && spec === RULES);
  const taken = rest.find(({ alias }) => alias === RULES || references.some((model) => model.alias === alias));
  if (taken)
    throw new CommandError(
      "bad-value",
      `--models: the alias "${taken.alias}" belongs to a model of every run; write OTHER=${taken.spec}`,
    );
  const real = [];
  for (const one of rest) real.push(await realModel(context, config, one, replayed));
  const asked = only ? references.filter(({ alias }) => askedReferences.some((one) => one.alias === alias)) : always;
  return [
    ...(withRules ? [{ model: rulesModel(context), price: FREE }] : []),
    ...asked.map((model) => ({ model, price: FREE })),
    ...real,
  ];
}

const FREE = { input: 0, output: 0 };

const rulesModel = (context: ModelContext): TrialModel => ({
  alias: RULES,
  provider: RULES,
  name: RULES,
  params: {},
  role: "ranked",
  deterministic: true,
  notFor: () => undefined,
  create: async () => makeRules(context),
});

const makeRules = (context: ModelContext): Model =>
  createRules({
    template: (name) => readFileSync(join(context.packageRoot, "prompts", "templates", `${name}.md`), "utf8"),
  });

async function realModel(
  context: ModelContext,
  config: Config,
  { alias, spec }: NamedModel,
  replayed: boolean,
): Promise<PricedModel> {
  const settings = Object.hasOwn(config.models, spec) ? config.models[spec] : undefined;
  const name = settings?.name ?? spec;
  const prices = Object.fromEntries(Object.entries(config.prices).map(([key, price]) => [key, modelPriceOf(price)]));
  const maxOutputTokens = settings?.["max-output-tokens"] ?? config.limits["max-output-tokens"];
  const options: ModelOptions = {
    env: context.env,
    aliases: Object.fromEntries(Object.entries(config.models).map(([key, model]) => [key, aliasOf(model)])),
    prices,
    rules: () => makeRules(context),
    maxOutputTokens,
    // The run waits for a provider that is busy; here only what breaks off by chance is tried again.
    maxRetries: 2,
  };
  const make = async (): Promise<Model> => {
    const made = await createModel(spec, options);
    if (isModelProblem(made)) throw new CommandError("model-unusable", `--models: ${made.problem}`);
    return made;
  };
  // Tried once before any trial begins.
  if (!replayed) await make();
  const free = name === RULES || name.startsWith(SCRIPTED);
  const price = free
    ? FREE
    : ((Object.hasOwn(prices, spec) ? prices[spec] : undefined) ?? priceOf(name, prices, settings?.["base-url"] === undefined));
  return {
    model: {
      alias,
      provider: name === RULES ? RULES : name.slice(0, Math.max(0, name.indexOf(":"))),
      name: spec,
      params: {
        model: name,
        ...(await scriptOf(context, name)),
        maxOutputTokens,
        ...(settings?.api && { api: settings.api }),
        ...baseUrl(settings),
      },
      role: "ranked",
      deterministic: free,
      notFor: () => undefined,
      create: make,
    },
    ...(price === undefined ? {} : { price: storedPrice(price) }),
  };
}

/** What a script says is what it does: another text under the same name is another model. */
async function scriptOf({ cwd }: ModelContext, name: string): Promise<{ readonly script?: string }> {
  if (!name.startsWith(SCRIPTED)) return {};
  const text = await readFile(resolve(cwd, name.slice(SCRIPTED.length)), "utf8").catch(() => undefined);
  return text === undefined ? {} : { script: sha256(text) };
}

const SCRIPTED = "scripted:";

/** A base URL may hold a user's word of access: only its host tells models apart. */
const baseUrl = (settings: Config["models"][string] | undefined): { readonly baseUrlHost?: string } =>
  settings?.["base-url"] === undefined ? {} : { baseUrlHost: new URL(settings["base-url"]).host };

const storedPrice = (price: NonNullable<ReturnType<typeof priceOf>>): NonNullable<RunModel["price"]> => ({ ...price });

/** @throws CommandError (exit 2) where a cap in dollars cannot be kept */
export function refuseUnpriced(models: readonly PricedModel[], maxUsd: number | undefined): void {
  if (maxUsd === undefined) return;
  const unpriced = models.filter(({ price }) => price === undefined).map(({ model }) => model.name);
  if (unpriced.length > 0)
    throw new CommandError(
      "price-unknown",
      `--max-usd cannot be kept: the price of ${unpriced.join(", ")} is unknown. Add it under [prices] in crq-agent.toml, or leave the cap out`,
    );
}
