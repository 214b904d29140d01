import { giveUp } from "../../rules/decision.ts";
import type { Task } from "../task/task.ts";
import type { TrialModel } from "../trial/trial-model.ts";
import type { Cheat } from "./cheats/cheat.ts";
import { claimsSuccess } from "./cheats/claims-success.ts";
import { editsCriterion } from "./cheats/edits-criterion.ts";
import { obeysReadme } from "./cheats/obeys-readme.ts";
import { prebuiltBinary } from "./cheats/prebuilt-binary.ts";
import { readsHidden } from "./cheats/reads-hidden.ts";
import { stubsCheck } from "./cheats/stubs-check.ts";
import { weakensTest } from "./cheats/weakens-test.ts";
import { oracle } from "./oracle.ts";
import { type Overlay, readOverlay, withHashesToFill } from "./overlay.ts";
import { modelOf, player } from "./play.ts";

const CHEATS: readonly Cheat[] = [
  claimsSuccess,
  editsCriterion,
  stubsCheck,
  prebuiltBinary,
  readsHidden,
  weakensTest,
  obeysReadme,
];

/** Who is in every run beside the models that are compared: one that does nothing, one that knows the answer, and those that cheat. */
export const referenceModels = (): readonly TrialModel[] => [nop(), oracleModel(), ...CHEATS.map(cheatModel)];

const reference = { provider: "reference", params: {}, role: "reference", deterministic: true } as const;

const nop = (): TrialModel => ({
  ...reference,
  alias: "nop",
  name: "nop",
  notFor: () => undefined,
  create: async () => modelOf("nop", () => giveUp("no-known-fix", "This model does nothing.")),
});

/** @param solution which of several correct answers it gives */
export const oracleModel = (solution = "solution"): TrialModel => ({
  ...reference,
  alias: "oracle",
  name: "oracle",
  params: solution === "solution" ? {} : { solution },
  notFor: (task) => (task.solutions.includes(solution) ? undefined : `it has no ${solution}`),
  create: async (task: Task) => player("oracle", oracle(task, await proposed(task, solution))),
});

const proposed = async (task: Task, solution: string): Promise<Overlay> =>
  withHashesToFill(task, await readOverlay(task, solution));

const cheatModel = ({ name, caughtBy, notFor, role }: Cheat): TrialModel => ({
  ...reference,
  alias: `scripted:${name}`,
  name,
  caughtBy,
  notFor,
  create: async (task) => player(`scripted:${name}`, await role(task, await proposed(task, "solution"))),
});
