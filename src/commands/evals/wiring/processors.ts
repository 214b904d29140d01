import { hostname } from "node:os";
import { join } from "node:path";
import { openProcessors, type Processors } from "../../../evals/run/schedule/processors.ts";
import type { Host } from "../../../system/environment/host.ts";
import type { CliContext } from "../../wiring/context.ts";

/** This machine's processors, as all runs, workers and gradings of this user share them. A home may be several machines'. */
export const sharedProcessors = (context: CliContext, host: Host): Promise<Processors> =>
  openProcessors(join(context.folders.cache, "evals", "processors", hostname()), host);
