import { REGENERATE } from "./crate2nix.ts";
import type { FlakePlan } from "./plan.ts";

/** The "Nix" section of a README: only commands that the flake really answers. */

interface CommandLine {
  readonly command: string;
  readonly does: string;
}

function commands(plan: FlakePlan): readonly CommandLine[] {
  const builds = plan.packages.map((pkg) => ({
    command: `nix build .#${pkg.attribute}`,
    does: `the program, in result/bin/${pkg.mainProgram}`,
  }));
  const runs = plan.packages.map((pkg) => ({
    command: `nix run .#${pkg.attribute}`,
    does: "build it and run it; arguments follow after --",
  }));
  const apps = plan.packages.flatMap((pkg) =>
    pkg.programs
      .filter((program) => program !== pkg.mainProgram && !plan.packages.some((other) => other.attribute === program))
      .map((program) => ({ command: `nix run .#${program}`, does: `the same for ${program}` })),
  );
  const shells = plan.shells.map((name) => ({
    command: name === "default" ? "nix develop" : `nix develop .#${name}`,
    does: `a shell with ${plan.shellPackages.join(", ")}`,
  }));
  const checks =
    plan.packages.length + plan.tests.length + plan.lints.length > 0
      ? [{ command: "nix flake check", does: "build everything and run the tests" }]
      : [];
  const generated =
    plan.builder === "crate2nix"
      ? [{ command: `nix run .#${REGENERATE}`, does: "write Cargo.nix anew, after a change of the dependencies" }]
      : [];
  return [...builds, ...runs, ...apps, ...shells, ...checks, ...generated];
}

/** The commands of the section, in its order. */
export function readmeCommands(plan: FlakePlan): readonly string[] {
  return commands(plan).map((line) => line.command);
}

/** @param more commands that the change request wants to see as well */
export function readmeSection(plan: FlakePlan, heading: string, more: readonly string[] = []): string {
  const known = commands(plan);
  const all = [
    ...known,
    ...more.filter((command) => !known.some((line) => line.command === command)).map((command) => ({ command, does: "" })),
  ];
  const width = Math.max(...all.map((line) => line.command.length));
  const listing = all.map((line) => (line.does === "" ? line.command : `${line.command.padEnd(width)}  # ${line.does}`));
  return [
    heading,
    "",
    `The flake builds the project from \`Cargo.lock\` on ${plan.systems.join(", ")}.`,
    "",
    "```sh",
    ...listing,
    "```",
    "",
  ].join("\n");
}

const ATX = /^ {0,3}(?<marks>#{1,6})[ \t]+(?<text>.*?)(?:[ \t]+#+)?[ \t]*$/;

export interface Heading {
  readonly line: number;
  readonly level: number;
  readonly text: string;
}

/** ATX headings outside of fences. */
export function headings(lines: readonly string[]): readonly Heading[] {
  let fence: string | undefined;
  return lines.flatMap((line, index) => {
    const mark = /^ {0,3}(?<mark>`{3,}|~{3,})/.exec(line)?.groups?.mark;
    if (mark !== undefined && (fence === undefined || (mark.startsWith(fence) && line.trim() === mark))) {
      fence = fence === undefined ? mark : undefined;
      return [];
    }
    const match = fence === undefined ? ATX.exec(line)?.groups : undefined;
    return match ? [{ line: index, level: (match.marks ?? "").length, text: (match.text ?? "").trim() }] : [];
  });
}

/** Whether a README has a heading of that text, and shows each of the commands somewhere. */
export function documents(readme: string, heading: string, mentions: readonly string[]): boolean {
  const titled = headings(readme.split(/\r?\n/)).some((item) => item.text.toLowerCase() === heading.toLowerCase());
  return titled && mentions.every((mention) => readme.includes(mention));
}

/**
 * A README with a section added: at the end, or at the end of the section of that name if there is one already. The file's line ends are
 * kept, nothing that stands there is changed.
 */
export function withSection(readme: string, heading: string, section: (headingLine: string) => string): string {
  const newline = readme.includes("\r\n") ? "\r\n" : "\n";
  const lines = readme.split(/\r?\n/);
  const found = headings(lines);
  const same = found.findIndex((item) => item.text.toLowerCase() === heading.toLowerCase());
  const existing = found[same];
  const write = (text: string): string => text.split("\n").join(newline);
  if (!existing) {
    const base = readme.replace(/(?:\r?\n)*$/, "");
    return `${base === "" ? "" : `${base}${newline}${newline}`}${write(section(`## ${heading}`))}`;
  }
  const next = found.slice(same + 1).find((item) => item.level <= existing.level)?.line ?? lines.length;
  const body = section("").replace(/^\n+/, "");
  const before = lines.slice(0, next).join("\n").replace(/\n*$/, "\n\n");
  const after = lines.slice(next).join("\n");
  return write(after === "" ? `${before}${body}` : `${before}${body}\n${after}`);
}
