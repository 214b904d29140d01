import { FRESHNESS, REGENERATE } from "../crate2nix.ts";
import type { CheckStep, FeatureSet, FlakePlan, PlannedPackage, PlannedSteps } from "../plan.ts";
import { headings } from "../readme-section.ts";
import { featureOptions } from "../step-check.ts";

/**
 * The part of a project's guide that is about its flake. The fence marked `run` holds only commands that are carried out when the change is
 * judged; those that change files of the checkout stand in one of their own.
 */

export const GUIDE_HEADING = "Nix commands";

export interface GuideFacts {
  /** For instance `x86_64-linux`. */
  readonly system: string;
  /** Arguments with which programs are known to answer, by the program's name. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
}

interface Line {
  readonly command: string;
  readonly does: string;
}

/** Commands that are carried out, in the order of the guide. */
export function runCommands(plan: FlakePlan, facts: GuideFacts): readonly string[] {
  return runLines(plan, facts).map(({ command }) => command);
}

function runLines(plan: FlakePlan, { system, answers }: GuideFacts): readonly Line[] {
  const first = plan.defaultPackage;
  const builds = plan.packages.map((pkg) => ({ command: `nix build .#${pkg.attribute}`, does: `result/bin/${pkg.mainProgram}` }));
  const whole =
    first === undefined
      ? []
      : [{ command: "nix build", does: "one" in first ? `the default: ${first.one}` : "all of them together" }];
  const runs = plan.apps.flatMap((app) => {
    const words = answers.get(app.program);
    return words === undefined ? [] : [{ command: `nix run .#${app.attribute} -- ${words.join(" ")}`, does: "builds it first" }];
  });
  const shells = shellNames(plan).map((name) => ({
    command: `nix develop${name === "default" ? "" : ` .#${name}`} -c ${name === "msrv" ? "rustc" : "cargo"} --version`,
    does: name === "msrv" ? `a shell with Rust ${plan.msrv}` : "one command in the shell; without -c it stays open",
  }));
  const checks = checkNames(plan).map((name) => ({ command: `nix build .#checks.${system}.${name}`, does: "this check alone" }));
  return [...builds, ...whole, ...runs, ...shells, ...checks, { command: "nix flake check", does: "all checks" }];
}

const shellNames = (plan: FlakePlan): readonly string[] => [
  ...new Set([...plan.shells.filter((name) => name !== "msrv"), ...(plan.msrv === undefined ? [] : ["msrv"])]),
];

const checkNames = (plan: FlakePlan): readonly string[] => [
  ...(plan.stepChecks ?? []).map((check) => check.attribute),
  ...[...plan.tests, ...plan.lints].map((check) => check.attribute),
  ...(plan.builder === "crate2nix" ? [FRESHNESS] : []),
];

/** Names of checks that no package has. */
export function checksOnly(plan: FlakePlan): readonly string[] {
  const packages = new Set([...plan.packages.map((pkg) => pkg.attribute), ...Object.keys(plan.aliases)]);
  return checkNames(plan).filter((name) => !packages.has(name));
}

/** Commands that write into the checkout. */
function writingLines(plan: FlakePlan): readonly Line[] {
  const [input] = plan.inputs;
  return [
    ...(plan.formatter === undefined ? [] : [{ command: "nix fmt", does: `formats with ${plan.formatter}` }]),
    ...(plan.builder === "crate2nix"
      ? [{ command: `nix run .#${REGENERATE}`, does: "writes Cargo.nix anew after a change of the dependencies" }]
      : []),
    ...(input === undefined ? [] : [{ command: `nix flake update ${input.name}`, does: "moves one input; without a name all" }]),
  ];
}

function fence(info: string, lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(({ command }) => command.length));
  return [`\`\`\`${info}`, ...lines.map(({ command, does }) => `${command.padEnd(width)}  # ${does}`), "```"];
}

export function guideSection(plan: FlakePlan, facts: GuideFacts, heading: string): string {
  const steps = plan.stepChecks ?? [];
  const writing = writingLines(plan);
  const systems = plan.systems.filter((system) => system !== facts.system);
  return [
    heading,
    "",
    "Each of these was carried out, and succeeded, when this text was written.",
    "",
    ...fence("sh run", runLines(plan, facts)),
    "",
    `A check is named with its system; on another machine write ${systems.map((system) => `\`${system}\``).join(", ") || "its own"} there.`,
    "What git does not know, the flake does not see: `git add` new files first. A tree with changes is only warned about.",
    "",
    "| package | programs | features |",
    "|---|---|---|",
    ...plan.packages.map(
      (pkg) => `| \`${pkg.attribute}\` | ${pkg.programs.map((name) => `\`${name}\``).join(", ")} | ${features(pkg)} |`,
    ),
    ...steps.flatMap((check) => ["", ...checkText(check)]),
    ...(writing.length === 0 ? [] : ["", "These write into your checkout:", "", ...fence("sh", writing)]),
    "",
  ].join("\n");
}

const features = (pkg: PlannedPackage): string => (pkg.features === undefined ? "the default ones" : code(pkg.features));

const code = (set: FeatureSet): string => `\`${featureOptions(set).trim()}\``;

function checkText(check: PlannedSteps): readonly string[] {
  const leaves = check.files.length === 0 ? "" : `; leaves ${check.files.map((file) => `\`result/${file}\``).join(" and ")}`;
  const about = check.crate === undefined ? "" : ` of \`${check.crate}\``;
  return [
    `The check \`${check.attribute}\`${about}${leaves}:`,
    "",
    ...check.steps.map((step, index) => `${index + 1}. ${stepText(check, step)}`),
  ];
}

function stepText(check: PlannedSteps, step: CheckStep): string {
  switch (step.tool) {
    case "build":
      return "everything is built";
    case "doc":
      return "the documentation is built";
    case "fmt":
      return "rustfmt finds nothing to change";
    case "msrv":
      return "the oldest Rust that the project promises compiles it";
    case "clippy":
      return `clippy${step.denyWarnings ? ", with warnings as errors" : ""}`;
    case "nextest":
      return `the tests, by nextest with the profile \`${step.profile}\`${check.features ? ` and ${code(check.features)}` : ""}`;
    case "test":
      if (step.filter !== undefined) return `the tests whose names hold \`${step.filter}\`, of which there must be one`;
      return step.features ? `the tests with ${code(step.features)}` : "the tests";
  }
}

/** The mark that closes a fence which a document leaves open: what follows would stand in it. */
function unclosed(lines: readonly string[]): readonly string[] {
  let fence: string | undefined;
  for (const line of lines) {
    const mark = /^ {0,3}(?<mark>`{3,}|~{3,})/.exec(line)?.groups?.mark;
    if (mark === undefined) continue;
    if (fence === undefined) fence = mark;
    else if (mark.startsWith(fence) && line.trim() === mark) fence = undefined;
  }
  return fence === undefined ? [] : [fence];
}

/** The document with this section: in place of one of the same heading, else at the end. */
export function withGuide(document: string, heading: string, section: (line: string) => string): string {
  const newline = document.includes("\r\n") ? "\r\n" : "\n";
  const lines = document.split(/\r?\n/);
  const found = headings(lines);
  const same = found.findIndex((item) => item.text.toLowerCase() === heading.toLowerCase());
  const existing = found[same];
  const before = existing ? lines.slice(0, existing.line) : [...lines, ...unclosed(lines)];
  const next = existing && found.slice(same + 1).find((item) => item.level <= existing.level)?.line;
  const after = next === undefined ? [] : lines.slice(next);
  const head = before.join("\n").replace(/\n*$/, "");
  const title = `${"#".repeat(existing?.level ?? 2)} ${existing?.text ?? heading}`;
  const text = [...(head === "" ? [] : [head, ""]), section(title), ...(after.length > 0 ? [after.join("\n")] : [])].join("\n");
  return text.split("\n").join(newline);
}
