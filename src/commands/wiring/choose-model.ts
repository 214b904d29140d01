import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "../../agent/limits.ts";
import { priceProblem } from "../../agent/limits.ts";
import type { Model } from "../../agent/messages.ts";
import type { Config } from "../../config.ts";
import type { Price } from "../../models/price.ts";
import { createModel, isModelProblem, type ModelAlias, withCassette } from "../../models/select.ts";
import { createRules } from "../../rules/rules.ts";
import { type CliContext, CommandError } from "./context.ts";
import { type LimitOptions, limitsOf } from "./run-limits.ts";

export interface ModelOptions {
  /** A name, or, in a program that uses crq-agent as a library, a model of its own. */
  readonly model?: string | Model;
  readonly cassette?: string;
}

export interface ChosenModel {
  readonly model: Model;
  readonly limits: Limits;
  readonly maxOutputTokens: number;
}

/**
 * The model of a run with the limits that go with it.
 * @throws CommandError (exit 2): unknown model, missing key, a cap in dollars that cannot be kept
 */
export async function chooseModel(
  context: CliContext,
  config: Config,
  options: ModelOptions & LimitOptions,
): Promise<ChosenModel> {
  const given = options.model ?? config.model;
  const spec = typeof given === "string" ? given : given.name;
  const alias = typeof given === "string" && Object.hasOwn(config.models, spec) ? config.models[spec] : undefined;
  const maxOutputTokens = alias?.["max-output-tokens"] ?? config.limits["max-output-tokens"];
  const make = async () =>
    typeof given !== "string"
      ? given
      : createModel(spec, {
          env: context.env,
          aliases: Object.fromEntries(Object.entries(config.models).map(([name, alias]) => [name, aliasOf(alias)])),
          prices: Object.fromEntries(Object.entries(config.prices).map(([name, price]) => [name, modelPriceOf(price)])),
          rules: () =>
            createRules({
              template: (name) => readFileSync(join(context.packageRoot, "prompts", "templates", `${name}.md`), "utf8"),
            }),
          maxOutputTokens,
        });
  const made = await (options.cassette === undefined ? make() : withCassette(options.cassette, spec, make));
  if (isModelProblem(made)) throw new CommandError("model-unusable", made.problem);
  const probe = { system: "", messages: [], tools: [], maxOutputTokens: 1, signal: context.signal };
  const priceKnown = made.worstCase?.(probe).usd !== undefined;
  const limits = limitsOf(config, options, priceKnown);
  const unpriced = priceProblem(made, limits, probe);
  if (unpriced !== undefined) throw new CommandError("price-unknown", unpriced);
  return { model: made, limits, maxOutputTokens };
}

export function aliasOf(alias: Config["models"][string]): ModelAlias {
  return {
    name: alias.name,
    ...(alias["base-url"] !== undefined && { baseUrl: alias["base-url"] }),
    ...(alias.api && { api: alias.api }),
  };
}

export function modelPriceOf(price: Config["prices"][string]): Price {
  return {
    input: price.input,
    output: price.output,
    ...(price["cache-read"] !== undefined && { cacheRead: price["cache-read"] }),
    ...(price["cache-write"] !== undefined && { cacheWrite: price["cache-write"] }),
  };
}
