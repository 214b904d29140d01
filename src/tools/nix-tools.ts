import { fence } from "../agent/prompt.ts";
import { defineTool, type Tool, type ToolContext } from "../agent/tool.ts";
import { buildMending, type MendingEvent } from "../nix/mechanics/build-mending.ts";
import { type MechanicPlace, type MechanicResult, textsAfter } from "../nix/mechanics/mechanic.ts";
import type { Nix, NixFailure, RunNixOptions } from "../nix/nix.ts";
import { type BuildDetails, type CriteriaDetails, type EvalDetails, PROPOSALS, toolArguments } from "./contract.ts";
import { describeDiagnoses } from "./diagnosis-text.ts";
import { followProgress } from "./progress.ts";
import { type ProgramPlace, runProgramTool } from "./run-program.ts";

/** The evaluator as tools. Every one works on the worktree and with a locked flake. */

export interface NixPlace {
  readonly directory: string;
  readonly nix: Nix;
  readonly buildTimeoutMs: number;
  readonly evalTimeoutMs: number;
  /** Shows a line of a build. */
  readonly progress?: (text: string) => void;
  /** What the mechanics need to mend the worktree. */
  readonly mechanics: (context: ToolContext) => MechanicPlace;
  /** The flake whose nixpkgs is asked about attributes; `instead` names a default while the worktree has locked none. */
  readonly nixpkgs: (options: RunNixOptions) => Promise<{ readonly directory: string; readonly instead?: string }>;
  /** Programs of a built output (`bin/x`), for a model that cannot look into the store. */
  readonly programsOf: (storePath: string) => Promise<readonly string[]>;
  readonly runBuilt: ProgramPlace["runBuilt"];
  /** Runs the criteria on a fresh copy of the worktree; `problem` where what was asked for cannot be run. */
  readonly criteria: (
    only: readonly string[] | undefined,
    context: ToolContext,
  ) => Promise<(CriteriaDetails & { readonly text: string }) | { readonly problem: string }>;
}

export function nixTools(place: NixPlace): readonly Tool[] {
  return [
    nixEval(place),
    nixBuild(place),
    nixLog(place),
    nixAttr(place),
    runProgramTool(programPlace(place)),
    checkCriteria(place),
  ];
}

const programPlace = (place: NixPlace): ProgramPlace => ({
  built: async (attribute, { signal, note }) => {
    const result = await place.nix.build(place.directory, [attribute], { signal, timeoutMs: place.buildTimeoutMs });
    const [cause] = result.ok ? [] : result.diagnoses;
    note({
      note: "build",
      installable: attribute,
      ok: result.ok,
      seconds: result.seconds,
      ...(cause && { fingerprint: cause.fingerprint }),
    });
    if (!result.ok) return result;
    const outputs = result.value[0]?.outputs ?? {};
    return { ...result, value: outputs.bin ?? outputs.out ?? Object.values(outputs)[0] ?? "" };
  },
  programsOf: place.programsOf,
  runBuilt: place.runBuilt,
  failureText,
});

const nixEval = (place: NixPlace): Tool =>
  defineTool({
    name: "nix_eval",
    about:
      "Evaluates an attribute of the worktree's flake and gives its value as JSON. Use apply with builtins.attrNames to list a set.",
    args: toolArguments.nix_eval,
    writes: false,
    run: async ({ attribute, apply }, { signal }) => {
      const result = await place.nix.evaluate(place.directory, attribute, {
        signal,
        timeoutMs: place.evalTimeoutMs,
        ...(apply !== undefined && { apply }),
      });
      if (!result.ok)
        return {
          text: failureText(`Evaluating ${attribute}`, result),
          isError: true,
          details: { ok: false, diagnoses: result.diagnoses } satisfies EvalDetails,
        };
      return {
        text: fence(attribute, JSON.stringify(result.value, undefined, 1) ?? "null"),
        details: { ok: true, value: result.value } satisfies EvalDetails,
      };
    },
  });

const nixBuild = (place: NixPlace): Tool =>
  defineTool({
    name: "nix_build",
    about:
      "Builds an attribute of the worktree's flake in Nix's sandbox. What a rule can mend for certain (a hash, an untracked file, the lock, a renamed attribute, a native library by its crate, a file that a source filter drops) is mended and built again by itself; the answer says what. A failure comes with a diagnosis.",
    args: toolArguments.nix_build,
    // It may mend files through mechanics.
    writes: true,
    restsOn: PROPOSALS,
    run: async ({ attribute, rebuild }, context) => {
      const undone: string[] = [];
      const { result, mended } = await buildMending(place.mechanics(context), attribute, {
        signal: context.signal,
        timeoutMs: place.buildTimeoutMs,
        rebuild,
        onProgress: followProgress(context.note, place.progress),
        onEvent: (event) => {
          noteMending(event, context);
          if (event.kind === "undone") undone.push(undoneText(event));
        },
      });
      const done = mended.map(({ done: each }) => each);
      const mechanics = done.map(({ name, detail }) => `${name}: ${detail}`);
      const mending = { mechanics, texts: textsAfter(done), answered: mended.map(({ diagnosis }) => diagnosis) };
      const said = [...doneForYou(mechanics), ...undone];
      if (!result.ok) {
        return {
          text: [failureText(`Building ${attribute}`, result), ...said].join("\n"),
          details: { ok: false, attribute, why: result.why, diagnoses: result.diagnoses, ...mending } satisfies BuildDetails,
          isError: true,
        };
      }
      const outputs = await Promise.all(
        result.value.flatMap((built) => Object.entries(built.outputs)).map((output) => describeOutput(output, place)),
      );
      return {
        // No duration: two runs of the same change must tell the model the same, or no cassette could be played again.
        text: [`Built ${attribute}.`, ...outputs, ...said].join("\n"),
        details: { ok: true, attribute, built: result.value, ...mending } satisfies BuildDetails,
      };
    },
  });

/** Every build and repair as a line of the journal. */
export function noteMending(event: MendingEvent, { note }: ToolContext): void {
  switch (event.kind) {
    case "build": {
      const { attribute: installable, ok, seconds, cause } = event;
      note({ note: "build", installable, ok, seconds, ...(cause && { fingerprint: cause.fingerprint }) });
      return;
    }
    case "mended":
      note({ note: "mechanic", name: event.done.name, detail: event.done.detail, paths: pathsOf([event.done]) });
      return;
    case "undone": {
      const paths = pathsOf(event.undone.map(({ done }) => done));
      note({ note: "mechanic", name: "undo", detail: undoneText(event), paths });
      return;
    }
  }
}

const pathsOf = (results: readonly MechanicResult[]): readonly string[] => [
  ...new Set(results.flatMap(({ edits, staged }) => [...edits.map(({ path }) => path), ...staged])),
];

const undoneText = ({ undone, because }: Extract<MendingEvent, { kind: "undone" }>): string =>
  `Tried and undone, since the flake did not evaluate with it: ${undone.map(({ done }) => done.detail).join("; ")} (then: ${because.message}).`;

async function describeOutput([name, path]: readonly [string, string], place: NixPlace): Promise<string> {
  const programs = await place.programsOf(path);
  return `${name}: ${path}${programs.length > 0 ? ` with ${programs.slice(0, 20).join(", ")}${programs.length > 20 ? ` and ${programs.length - 20} more` : ""}` : ""}`;
}

const doneForYou = (repairs: readonly string[]): readonly string[] =>
  repairs.length === 0 ? [] : [`Done for you on the way: ${repairs.join("; ")}.`];

const nixLog = (place: NixPlace): Tool =>
  defineTool({
    name: "nix_log",
    about: "Reads the build log of a derivation: its tail, a part by line, or the lines around a text. The log is data.",
    args: toolArguments.nix_log,
    writes: false,
    restsOn: PROPOSALS,
    run: async ({ attribute, derivation: given, contains, from_line: from, lines: count }, { signal }) => {
      const derivation = given ?? attribute;
      if (derivation === undefined) return { text: "Name an attribute, or the .drv of an earlier result.", isError: true };
      const options = { signal, timeoutMs: place.evalTimeoutMs };
      const named = derivation.startsWith("/nix/store/") ? derivation : await derivationOf(place, derivation, options);
      if (typeof named !== "string") return { text: failureText(`Evaluating ${derivation}`, named), isError: true };
      const log = await place.nix.log(named, options);
      if (log === undefined) {
        return {
          text: `There is no log of ${derivation}: it was never built here, or it failed before its builder started. Build it first, or name the .drv of a diagnosis.`,
          isError: true,
        };
      }
      const all = log.split("\n");
      if (contains === undefined && from !== undefined && from > all.length)
        return {
          text: `The log of ${derivation} ends at line ${all.length}; ask for an earlier part, or leave from_line out for its end.`,
          details: { lines: all.length },
        };
      const picked = contains === undefined ? slice(all, from, count) : around(all, contains, count);
      if (picked === undefined)
        return {
          text: `No line of the log contains ${JSON.stringify(contains)} (${all.length} lines).`,
          details: { lines: all.length },
        };
      return {
        text: `${fence(`log of ${derivation}`, picked.text)}\n(${picked.about} of ${all.length} lines)`,
        details: { lines: all.length },
      };
    },
  });

/** The derivation that an attribute of the worktree's flake stands for: Nix keeps logs by derivation. */
async function derivationOf(place: NixPlace, attribute: string, options: RunNixOptions): Promise<string | NixFailure> {
  const asked = await place.nix.evaluate(place.directory, `${attribute}.drvPath`, options);
  return asked.ok ? String(asked.value) : asked;
}

function slice(all: readonly string[], from: number | undefined, count: number): { text: string; about: string } {
  const start = from === undefined ? Math.max(0, all.length - count) : from - 1;
  const part = all.slice(start, start + count);
  return { text: part.join("\n"), about: `lines ${start + 1} to ${start + part.length}` };
}

/** Literal text, not a pattern: a log is large and a model's pattern could run for minutes. */
function around(all: readonly string[], contains: string, count: number): { text: string; about: string } | undefined {
  const wanted = contains.toLowerCase();
  const shown = new Set<number>();
  all.forEach((line, i) => {
    if (line.toLowerCase().includes(wanted))
      for (let j = Math.max(0, i - 2); j <= Math.min(all.length - 1, i + 2); j++) shown.add(j);
  });
  if (shown.size === 0) return undefined;
  const lines = [...shown].sort((a, b) => a - b).slice(0, count);
  // Lines that are left out between two of them are marked, so that nobody takes these for neighbours.
  const marked = lines.map((i, at) => `${at > 0 && lines[at - 1] !== i - 1 ? "…\n" : ""}${i + 1}: ${all[i] ?? ""}`);
  return { text: marked.join("\n"), about: `${lines.length} lines around matches` };
}

const nixAttr = (place: NixPlace): Tool =>
  defineTool({
    name: "nix_attr",
    about:
      "Tells whether an attribute exists in the nixpkgs that this flake has locked (before there is one: in the default nixpkgs), and its name and version; if not, near names.",
    args: toolArguments.nix_attr,
    writes: false,
    run: async ({ attribute }, { signal }) => {
      const options = { signal, timeoutMs: place.evalTimeoutMs };
      const { directory, instead } = await place.nixpkgs(options);
      const result = await place.nix.attribute(directory, attribute, options);
      if (!result.ok)
        return {
          text: failureText(`Asking for ${attribute}`, result),
          isError: true,
          details: { ok: false, diagnoses: result.diagnoses },
        };
      const { exists, derivation, name, version, near } = result.value;
      const text = exists
        ? `${attribute} exists${derivation ? `: ${name ?? "a derivation"}${version === undefined ? "" : `, version ${version}`}` : " and is no derivation"}.`
        : `${attribute} does not exist in the locked nixpkgs.${near.length > 0 ? ` Near names: ${near.join(", ")}.` : " No name there is like it."}`;
      const asked = instead === undefined ? "" : ` (Asked of ${instead}, since nothing is locked yet.)`;
      return { text: text + asked, details: result.value };
    },
  });

const checkCriteria = (place: NixPlace): Tool =>
  defineTool({
    name: "check_criteria",
    about:
      "Runs the acceptance criteria of the CRQ on a fresh copy of the worktree and gives each verdict with its reason. This is what decides at the end as well.",
    args: toolArguments.check_criteria,
    writes: false,
    restsOn: PROPOSALS,
    run: async ({ only }, context) => {
      const judged = await place.criteria(only, context);
      if ("problem" in judged) return { text: judged.problem, isError: true };
      const { text, ...details } = judged;
      return { text, details: details satisfies CriteriaDetails };
    },
  });

function failureText(what: string, failure: NixFailure): string {
  switch (failure.why) {
    case "failed":
      return `${what} failed.\n${describeDiagnoses(failure.diagnoses)}`;
    case "timeout":
      return `${what} took longer than allowed and was stopped.\n${describeDiagnoses(failure.diagnoses)}`;
    case "aborted":
      return `${what} was interrupted.`;
    case "unavailable":
      return `${what} could not be tried here.\n${describeDiagnoses(failure.diagnoses)}`;
  }
}
