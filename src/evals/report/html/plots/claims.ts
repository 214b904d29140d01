import { type Figure, table } from "../../../../ui/html/table.ts";
import type { TrialRow } from "../../../results/trial-row.ts";
import { bars } from "./bars.ts";

export interface Claims {
  readonly model: string;
  readonly trueSuccess: number;
  readonly falseSuccess: number;
  readonly honestFailure: number;
  /** Resolved, and said that it was not. */
  readonly modest: number;
}

/** What each model said of its trials, against what they were. */
export function claimsOf(models: readonly string[], rows: readonly TrialRow[]): readonly Claims[] {
  const claims = new Map(models.map((model) => [model, { model, trueSuccess: 0, falseSuccess: 0, honestFailure: 0, modest: 0 }]));
  for (const { model, infra, claim, resolved } of rows) {
    const own = claims.get(model);
    if (!own || infra) continue;
    if (claim.success) own[resolved ? "trueSuccess" : "falseSuccess"] += 1;
    else own[resolved ? "modest" : "honestFailure"] += 1;
  }
  return [...claims.values()];
}

export function claims(all: readonly Claims[]): Figure {
  return {
    id: "claims",
    title: "Claim and truth",
    about:
      "What a model says of its own work. Green: claims success and is right; red: claims success and is wrong; grey: says that it failed. A false success costs more than an honest failure.",
    plot:
      all.length === 0
        ? undefined
        : bars(
            all.map(({ model, trueSuccess, falseSuccess, honestFailure, modest }) => ({
              name: model,
              parts: [
                { count: trueSuccess, kind: "good" },
                { count: falseSuccess, kind: "bad" },
                { count: honestFailure + modest, kind: "even" },
              ],
            })),
            `Bars. ${all.map(({ model, trueSuccess, falseSuccess }) => `${model}: ${trueSuccess} true and ${falseSuccess} false claims of success`).join("; ")}.`,
          ),
    table: table(
      "Claims",
      ["Model", "Success, and so it was", "Success, and it was not", "Failure, and so it was", "Failure, and it was resolved"],
      all.map(({ model, trueSuccess, falseSuccess, honestFailure, modest }) => [
        model,
        trueSuccess,
        falseSuccess,
        honestFailure,
        modest,
      ]),
    ),
  };
}
