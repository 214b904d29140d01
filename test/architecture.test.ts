import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** The rooms of CONTRIBUTING.md: an import only goes down; rooms of one floor do not know each other. */

const src = join(import.meta.dirname, "../src");

interface Room {
  readonly name: string;
  readonly floor: number;
  /** Rooms of the same floor it may know, with the reason where it stands. */
  readonly also?: readonly string[];
}

/** Longest prefix first. */
const ROOMS: readonly (readonly [prefix: string, room: Room])[] = [
  ["agent/", { name: "agent", floor: 0 }],
  ["system/", { name: "system", floor: 0 }],
  ["crq/criteria/", { name: "crq/criteria", floor: 3 }],
  ["crq/", { name: "crq", floor: 1 }],
  ["repo/", { name: "repo", floor: 1 }],
  ["world/", { name: "world", floor: 1 }],
  ["nix/", { name: "nix", floor: 2 }],
  ["models/", { name: "models", floor: 3 }],
  ["tools/", { name: "tools", floor: 3 }],
  ["session/", { name: "session", floor: 3 }],
  ["ui/", { name: "ui", floor: 3 }],
  ["rules/", { name: "rules", floor: 4 }],
  ["jobs/", { name: "jobs", floor: 4 }],
  ["evals/", { name: "evals", floor: 5 }],
  ["mcp/", { name: "mcp", floor: 5 }],
  ["commands/", { name: "commands", floor: 6 }],
  ["library/", { name: "library", floor: 6 }],
  ["cli.ts", { name: "cli", floor: 6, also: ["commands", "config"] }],
  ["bin.ts", { name: "cli", floor: 6, also: ["commands", "config"] }],
  ["config.ts", { name: "config", floor: 6 }],
];

/** On the top floor everything may be wired together. */
const TOP = 6;

function roomOf(path: string): Room {
  const found = ROOMS.find(([prefix]) => path.startsWith(prefix));
  if (!found) throw new Error(`${path} lies in no room; name one here and in CONTRIBUTING.md first`);
  return found[1];
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => path.replaceAll("\\", "/"))
  .sort();

const importsOf = (path: string): string[] =>
  [...readFileSync(join(src, path), "utf8").matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/gu)].map(
    (match) => match[1] ?? "",
  );

describe("the house", () => {
  it("has imports that only go down", () => {
    const wrong = files.flatMap((path) => {
      const from = roomOf(path);
      return importsOf(path)
        .filter((target) => target.startsWith("."))
        .map((target) => normalize(relative(src, join(src, dirname(path), target))).replaceAll("\\", "/"))
        .flatMap((target) => {
          const to = roomOf(target);
          const fine =
            to.name === from.name || to.floor < from.floor || from.floor === TOP || (from.also ?? []).includes(to.name);
          return fine ? [] : [`${path} (floor ${from.floor}) imports ${target} (floor ${to.floor})`];
        });
    });
    expect(wrong).toEqual([]);
  });

  it("has a kernel that could run in a browser: agent imports zod and itself only", () => {
    const outside = files
      .filter((path) => path.startsWith("agent/"))
      .flatMap((path) =>
        importsOf(path)
          .filter((target) => !target.startsWith(".") && target !== "zod")
          .map((target) => `${path}: ${target}`),
      );
    expect(outside).toEqual([]);
  });

  it("starts children in system alone, and reads the process where a program enters: bin.ts, cli.ts and the library's call", () => {
    const children = files.filter(
      (path) => !path.startsWith("system/") && importsOf(path).some((target) => target.includes("child_process")),
    );
    const readers = files.filter(
      (path) =>
        path !== "cli.ts" &&
        path !== "bin.ts" &&
        path !== "library/call.ts" &&
        /\bprocess\.(?:env|argv|exitCode|exit\()/u.test(readFileSync(join(src, path), "utf8")),
    );
    expect({ children, readers }).toEqual({ children: [], readers: [] });
  });

  it("has no drawer for things without a name", () => {
    expect(files.filter((path) => /(?:^|\/)(?:utils?|helpers?|common|manager|misc)(?:[./-])/u.test(path))).toEqual([]);
  });
});
