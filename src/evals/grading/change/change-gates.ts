import type { GateDefinition } from "./gate.ts";
import { build } from "./gates/build.ts";
import { golden, shadow } from "./gates/cases.ts";
import { checks } from "./gates/checks.ts";
import { criteria } from "./gates/criteria.ts";
import { custom } from "./gates/custom.ts";
import { lock } from "./gates/lock.ts";
import { metamorphic } from "./gates/metamorphic.ts";
import { outputs } from "./gates/outputs.ts";
import { parse } from "./gates/parse.ts";
import { preserved } from "./gates/preserved.ts";
import { rebuild } from "./gates/rebuild.ts";
import type { ChangeSubject } from "./subject.ts";

/** In the order in which they are run, after `patch`. */
export const CHANGE_GATES: readonly GateDefinition<ChangeSubject>[] = [
  parse,
  outputs,
  lock,
  checks,
  build,
  golden,
  shadow,
  metamorphic,
  preserved,
  rebuild,
  criteria,
  custom,
];
