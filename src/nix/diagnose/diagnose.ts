import type { Diagnosis, FailingDerivation, Stage } from "../diagnosis.ts";
import { type DerivationLog, type NixEvents, type NixMessage, nameOfDerivation } from "../events.ts";
import { type FailedBuild, failedBuilds } from "./failing-derivations.ts";
import type { Evidence, Finding, Recogniser } from "./finding.ts";
import { fingerprint } from "./fingerprint.ts";
import { ownerOf } from "./owner.ts";
import { bestPosition, type OwnPlaces, ownPath } from "./position.ts";
import { LOG_RECOGNISERS, MESSAGE_RECOGNISERS } from "./recognisers/index.ts";
import { reasonFinding } from "./recognisers/reasons.ts";

export interface DiagnoseContext {
  readonly stage: Stage;
  /** Package and workspace member names of the project. */
  readonly ownNames: readonly string[];
  /** The derivations that were asked for. */
  readonly requested: readonly string[];
  /** Absolute folder of the flake's worktree; several where links lead to it. */
  readonly flakeRoots: readonly string[];
}

export interface Diagnosed {
  /** Root cause first. */
  readonly diagnoses: readonly [Diagnosis, ...Diagnosis[]];
  /** Something outside could not be reached or done: no verdict on the change. */
  readonly unavailable: boolean;
}

const EXCERPT_BEFORE = 12;
const EXCERPT_LINES = 40;

/** What went wrong in a call that failed: the innermost derivation that failed by itself, else what Nix said of the expressions. */
export function diagnose(events: NixEvents, context: DiagnoseContext): Diagnosed {
  const places: OwnPlaces = {
    roots: context.flakeRoots,
    ...(events.flakeSource !== undefined && { storeCopy: events.flakeSource }),
  };
  const found: { readonly finding: Finding; readonly evidence: Evidence }[] = [];
  for (const build of failedBuilds(events)) {
    const evidence = buildEvidence(build, events, context);
    found.push({ finding: recognise(LOG_RECOGNISERS, evidence) ?? reasonFinding(build, evidence), evidence });
  }
  if (found.length === 0) {
    const evidence = messageEvidence(events.messages, events, context, places);
    // The cause in one line first: frames quote source code, which may contain any words.
    const causes = { ...evidence, lines: evidence.lines.slice(0, summaryLines(events.messages)) };
    found.push({
      finding: recognise(MESSAGE_RECOGNISERS, causes) ?? recognise(MESSAGE_RECOGNISERS, evidence) ?? unknownMessage(evidence),
      evidence,
    });
  }
  const diagnoses = new Map<string, Diagnosis>();
  for (const { finding, evidence } of found) {
    const diagnosis = finish(finding, evidence, context, places);
    if (!diagnoses.has(diagnosis.fingerprint)) diagnoses.set(diagnosis.fingerprint, diagnosis);
  }
  const [first, ...rest] = diagnoses.values();
  if (!first) throw new Error("diagnose: nothing was found, although a failure is always at least unknown");
  return { diagnoses: [first, ...rest], unavailable: found.every(({ finding }) => finding.unavailable === true) };
}

/** The first class whose words stand in the evidence. */
function recognise(recognisers: readonly Recogniser[], evidence: Evidence): Finding | undefined {
  for (const recogniser of recognisers) {
    const finding = recogniser(evidence);
    if (finding) return finding;
  }
  return undefined;
}

/** The log of one failed build; where no log came with the events (the plain formats), what Nix quoted of it. */
function buildEvidence(build: FailedBuild, events: NixEvents, context: DiagnoseContext): Evidence {
  const log = events.derivations.find(({ drv }) => drv === build.drv);
  const lines = log && log.total > 0 ? log.lines.map(({ text }) => text) : quotedLog(build.message.text);
  const stage: Stage = build.reason.kind === "hash" ? "fetch" : isCheck(log, build.name) ? "check" : "build";
  return { stage, lines, text: lines.join("\n"), derivation: failing(build, context, build.reason.kind === "hash") };
}

/** `last N log lines:` with its `> ` quotes. */
const quotedLog = (message: string): readonly string[] => [...message.matchAll(/^ *> ?(.*)$/gmu)].map(([, line = ""]) => line);

const isCheck = (log: DerivationLog | undefined, name: string): boolean =>
  log?.phase !== undefined ? /check/iu.test(log.phase) : /-(?:test|tests|nextest|clippy|check)(?:-|$)/u.test(name);

function failing(build: FailedBuild, context: DiagnoseContext, fixedOutput: boolean): FailingDerivation {
  const requested = context.requested.map(nameOfDerivation);
  return { drv: build.drv, name: build.name, owner: ownerOf(build.name, { ownNames: context.ownNames, requested, fixedOutput }) };
}

/**
 * Nix's own messages: summaries first, so that a pattern meets the cause before the frames; then what its children (git) printed. The source
 * lines that frames quote (`  3| …`) are shown to the reader and matched by nothing.
 */
function messageEvidence(
  messages: readonly NixMessage[],
  events: NixEvents,
  context: DiagnoseContext,
  places: OwnPlaces,
): Evidence {
  const prose = messages.flatMap(({ text }) => text.split("\n").filter((line) => !SOURCE_LINE.test(line)));
  const lines = [...messages.flatMap(({ summary }) => summary.split("\n")), ...prose, ...events.plain.split("\n")];
  const text = messages.map((message) => message.text).join("\n");
  const position = bestPosition(messages[0]?.position, text, places);
  return {
    stage: context.stage,
    lines: lines.map((line) => ownLine(line, places)),
    text: lines.join("\n"),
    shown: trace(text === "" ? events.plain : text, places)
      .map((line) => ownLine(line, places).slice(0, 500))
      .join("\n")
      .trim(),
    ...(position && { position }),
  };
}

/** Frames in functions of this program or of Nix itself: they say nothing of the flake. */
const FOREIGN_FRAME = /^\s*at (?:«string»|<nix\/|«nix-internal»|«flakes-internal»)/mu;
/** Frames that say what was being evaluated, wherever that stands. */
const TELLING_FRAME = /while evaluating (?:derivation|attribute|the attribute|the option|the file)|while (?:updating|fetching)/u;

/**
 * A trace for a reader: frames in the flake itself with their source lines, of those in other trees the ones that say what was being
 * evaluated, and the error, which stands last. As many as fit, counted from the error.
 */
function trace(text: string, places: OwnPlaces): readonly string[] {
  const frames = text.split(/\n[ \t]*\n/u);
  const kept: string[] = [];
  for (const [index, frame] of [...frames.entries()].reverse()) {
    const lines = shortened(frame, index === frames.length - 1, places);
    if (kept.length > 0 && kept.length + lines.length > EXCERPT_LINES) break;
    kept.unshift(...lines.slice(-EXCERPT_LINES));
  }
  return kept;
}

function shortened(frame: string, last: boolean, places: OwnPlaces): readonly string[] {
  const lines = frame.split("\n");
  const place = frame.match(/^\s*(?:at|whose name attribute is located at) (\/[^\n]*?):\d+:\d+/mu)?.[1];
  const own = place === undefined || ownPath(place, places) !== undefined;
  if (last || (own && !FOREIGN_FRAME.test(frame))) return lines;
  return TELLING_FRAME.test(frame) && !FOREIGN_FRAME.test(frame) ? lines.slice(0, 1) : [];
}

const SOURCE_LINE = /^\s*(?:\d+)?\|/u;

const summaryLines = (messages: readonly NixMessage[]): number =>
  messages.reduce((sum, { summary }) => sum + summary.split("\n").length, 0);

/** The flake's own paths shortened to what they are in the repository, so that patterns need not know how this Nix names them. */
function ownLine(line: string, places: OwnPlaces): string {
  return line.replace(/\/[^\s'":()]+/gu, (path) => ownPath(path, places) ?? path);
}

const unknownMessage = (evidence: Evidence): Finding => ({
  facts: { kind: "unknown" },
  message: evidence.lines.find((line) => line.trim() !== "")?.trim() ?? "Nix failed and said nothing",
  next: "No rule knows this text: read the excerpt and the whole log, change what they point at, and evaluate again.",
  at: 0,
});

function finish(finding: Finding, evidence: Evidence, context: DiagnoseContext, places: OwnPlaces): Diagnosis {
  const named = finding.derivationPath;
  const requested = context.requested.map(nameOfDerivation);
  const derivation: FailingDerivation | undefined =
    named === undefined
      ? evidence.derivation
      : {
          drv: named,
          name: nameOfDerivation(named),
          owner: ownerOf(nameOfDerivation(named), { ownNames: context.ownNames, requested }),
        };
  // What was found to be a download is one, whatever its derivation is called.
  const owned =
    derivation && (finding.stage ?? evidence.stage) === "fetch" && derivation.owner === "nixpkgs"
      ? { ...derivation, owner: "fetch" as const }
      : derivation;
  const position = finding.position ?? evidence.position;
  const own = position && ownPath(position.file, places);
  const base = {
    stage: finding.stage ?? evidence.stage,
    message: finding.message.replace(/\s+/gu, " ").trim().slice(0, 400),
    ...(owned && { derivation: owned }),
    ...(position && { position: own === undefined ? position : { ...position, file: own } }),
  };
  return {
    ...finding.facts,
    ...base,
    excerpt: evidence.shown ?? excerpt(evidence.lines, finding.at),
    next: finding.next,
    fingerprint: fingerprint(finding.facts, base),
  };
}

/** At most EXCERPT_LINES lines around the deciding one. */
function excerpt(lines: readonly string[], at: number): string {
  const start = Math.max(0, Math.min(at - EXCERPT_BEFORE, lines.length - EXCERPT_LINES));
  return lines
    .slice(start, start + EXCERPT_LINES)
    .map((line) => line.slice(0, 500))
    .join("\n")
    .trim();
}
