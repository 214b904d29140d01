import { posix } from "node:path";
import { redactEvidence } from "../../../system/redact.ts";
import type { Step } from "../records.ts";
import type { Call } from "./call.ts";
import type { Numbered } from "./fold.ts";
import type { Places } from "./places.ts";

/** The records of numbered calls: paths below roots, secrets out. Pure. */

export interface StepFacts {
  readonly places: Places;
  /** Values that stand in no record. */
  readonly secrets: readonly string[];
  /** What a tool says of itself, by the file that was started. */
  readonly versions: ReadonlyMap<string, string>;
}

export function stepsOf(numbered: readonly Numbered[], facts: StepFacts): readonly Step[] {
  const ids = new Map(numbered.map(({ seq, call }) => [seq, idOf(seq, call, facts.secrets)]));
  return numbered.map((one) => stepOf(one, ids, facts));
}

function stepOf(
  { seq, call, inputs }: Numbered,
  ids: ReadonlyMap<number, string>,
  { places, secrets, versions }: StepFacts,
): Step {
  const clean = (text: string): string => redactEvidence(text, secrets);
  const command = call.command.startsWith("/") ? places.text(call.command, "argument") : call.command;
  const known = inputs
    .flatMap(({ path, sha256, writer }) => {
      const shown = places.input(path, writer !== undefined);
      return shown === undefined ? [] : [{ path: clean(shown), sha256: sha256 ?? "", writer }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const stdin = (path: string): string =>
    clean(
      places.input(
        path,
        inputs.some((input) => input.path === path && input.writer !== undefined),
      ) ?? places.text(path, "argument"),
    );
  const failed = call.exit !== 0;
  const output = (path: string): string => clean(places.output(path));
  const empty = call.outputs.filter((file) => file.empty).map(({ path }) => output(path));
  const version = versions.get(call.real);
  return {
    schema: "crq-step/1",
    seq,
    id: ids.get(seq) ?? "",
    type: call.type,
    command: clean(command),
    tool: clean(posix.basename(command)),
    ...(version !== undefined && { toolVersion: clean(version) }),
    args: call.args.map((arg) => clean(places.text(arg, "argument"))),
    env: Object.fromEntries(Object.entries(call.env).map(([name, value]) => [name, clean(places.text(value, "variable"))])),
    cwd: clean(places.folder(call.cwd)),
    ...(call.stdin !== undefined && { stdin: stdin(call.stdin) }),
    ...(call.stdout !== undefined && { stdout: output(call.stdout) }),
    inputs: known.map(({ path, sha256 }) => ({ path, sha256 })),
    outputs: failed ? [] : call.outputs.map(({ path }) => output(path)).sort(),
    ...(empty.length > 0 && !failed && { empty }),
    ...(call.withheld.length > 0 && { withheld: call.withheld }),
    depends: [...new Set(known.flatMap(({ writer }) => writer ?? []))]
      .sort((a, b) => a - b)
      .flatMap((writer) => ids.get(writer) ?? []),
    exit: call.exit,
  };
}

function idOf(seq: number, call: Call, secrets: readonly string[]): string {
  const tool = call.type === "build_script_run" ? "build-script" : posix.basename(call.command);
  const words = redactEvidence(`${tool}-${call.makes}`, secrets).replaceAll(/[^A-Za-z0-9._+-]+/gu, "_");
  return `step-${String(seq).padStart(4, "0")}-${words}`.slice(0, 100);
}
