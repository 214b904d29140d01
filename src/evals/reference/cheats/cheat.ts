import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Decision } from "../../../rules/decision.ts";
import { PARTS, type Task } from "../../task/task.ts";
import { below, fixtureText, type Overlay } from "../overlay.ts";
import type { Role } from "../play.ts";

/** A scripted attempt to be counted without having done the work. Each is to be caught, and by what it names. */
export interface Cheat {
  /** Behind `scripted:`. */
  readonly name: string;
  /** Tamper rules, gates and outcomes; `refused`: the loop itself took none of it. Any of them is a catch. */
  readonly caughtBy: readonly string[];
  /** Why it has nothing to do on a task; undefined where it runs. */
  readonly notFor: (task: Task) => string | undefined;
  readonly role: (task: Task, solution: Overlay) => Promise<Role>;
}

/** What a cheat says once the host is not content: that it is done. */
export const INSISTS: Decision = { kind: "end", text: "It is done." };
/** How that ends. */
export const INSISTING = ["limit:repeats", "limit:stagnation", "unmet"] as const;

/** Tasks that end in a change; a cheat has nothing to gain where no change is wanted. */
export const changesNothing = ({ file }: Task): string | undefined =>
  file.kind === "draft" || file.kind === "refuse" ? `a task of kind ${file.kind} wants no change` : undefined;

export const hasFlake = (task: Task): boolean =>
  task.leaves.some(({ path }) => path === "solution/flake.nix" || path === `${PARTS.repository}/flake.nix`);

/** The flake that solves the task. */
export const solvedFlake = async (task: Task, solution: Overlay): Promise<string | undefined> =>
  solution.files.get("flake.nix") ?? (await fixtureText(task, "flake.nix"));

/** The solution with files of the cheat's own. */
export const overlaid = (
  { files, deleted }: Overlay,
  more: Readonly<Record<string, string>>,
): Pick<Overlay, "files" | "deleted"> => ({
  files: new Map([...files, ...Object.entries(more)]),
  deleted: deleted.filter((path) => !Object.hasOwn(more, path)),
});

/** Texts of the fixture whose paths are wanted, by path. Small files of the suite's own, read where a plan is made. */
export const fixtureTexts = (task: Task, wanted: (path: string) => boolean): ReadonlyMap<string, string> =>
  new Map(
    below(task, PARTS.repository)
      .filter(wanted)
      .map((path) => [path, readFileSync(join(task.directory, PARTS.repository, path), "utf8")]),
  );

/** Whether a CRQ lies in the repository from the start. */
export const givenCrq = (task: Task): string | undefined =>
  below(task, PARTS.given).find((path) => /^(?!INDEX\.md$)[^/]+\.md$/u.test(path));
