import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, posix, relative, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { saveTexts, type TextChange } from "../../crq/catalogue/save.ts";
import { lockNixpkgs } from "../../jobs/nixpkgs-lock.ts";
import { generateStepFlakes } from "../../jobs/steps/flakes.ts";
import { GENERATED } from "../../nix/steps/step-flake.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { newSessionId } from "../../session/store.ts";
import { errorCode } from "../../system/error.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { openPlace } from "../wiring/open-place.ts";
import { withoutLinks } from "../wiring/without-links.ts";
import { worldChoice } from "../wiring/world-choice.ts";

interface FlakesOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
  readonly source: string;
  readonly system?: readonly string[];
  readonly describedAt?: string;
}

/** `crq-agent steps flakes [DIR]`: writes the flakes of recorded steps; only files of an earlier run are replaced or removed. */
export const flakes: Verb<[string, FlakesOptions]> = async (context, ui, directory, options) => {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  if (!git)
    throw new CommandError(
      "no-git",
      `${root}: is no git repository, and a flake sees tracked files only; git init && git add -A`,
    );
  const config = await readConfig(root);
  const policy = config.policy.inputs;
  if (policy && policy.local !== "lattice") throw new CommandError("policy-forbids", POLICY);
  const folder = relative(root, await withoutLinks(resolve(context.cwd, directory)));
  if (folder === "" || folder.startsWith(".."))
    throw new CommandError(
      "outside-repository",
      `${directory}: give a folder inside the repository and not its root, which is the project's own`,
    );
  const scratch = join(context.folders.cache, "scratch", `steps-${newSessionId(new Date(context.now()))}`);
  const open = await openPlace(context, { world: worldChoice(options), scratch });
  try {
    const { nixpkgs } = config.nix;
    const locked = await lockNixpkgs({
      locks: [join(root, folder, "flake.lock"), join(root, "flake.lock")],
      nixpkgs,
      nix: open.nix,
      run: { signal: context.signal, timeoutMs: config.nix["eval-timeout"] * 1000 },
    });
    // Without a lock flakes are written too, but not because somebody stopped the program that makes it.
    if (context.signal.aborted) throw new CommandError("not-written", "interrupted; nothing was written", [], 130);
    const source = relative(root, await withoutLinks(resolve(context.cwd, options.source)));
    const generated = await generateStepFlakes({
      directory: root,
      folder,
      source: source === "" ? "." : source,
      ...(options.describedAt !== undefined && { describedAt: options.describedAt.replace(/\/+$/u, "") }),
      nixpkgs,
      nixpkgsLock: locked.ok ? locked.flake : undefined,
      // A recording is that of one system.
      systems: options.system ?? [open.nix.system],
    });
    if (!generated.ok) {
      ui.result({
        text: generated.problems.map(({ place, message }) => `${place}: ${message}`).join("\n"),
        json: {
          schema: "crq-agent/steps-flakes/1",
          ok: false,
          exit: 1,
          data: null,
          diagnostics: generated.problems.map(({ place, message }) => diagnostic(place, message)),
        },
      });
      return 1;
    }
    const { files, steps, notes } = generated;
    const changes = await changesOf(root, folder, files);
    await Promise.all(changes.map(({ file }) => mkdir(dirname(file), { recursive: true })));
    const problem = await saveTexts(changes);
    if (problem !== undefined) throw new CommandError("not-written", problem);
    const written = changes.filter(({ after }) => after !== undefined).map(({ file }) => relative(root, file));
    const removed = changes.filter(({ after }) => after === undefined).map(({ file }) => relative(root, file));
    const unlocked = locked.ok ? [] : [`Without flake.lock: ${locked.problem}. Nix writes them when it builds.`];
    ui.result({
      text: [
        ...notes.map((note) => `note: ${note}`),
        `${folder}: ${steps} steps, each with a flake; ${posix.join(folder, "flake.nix")} joins what the last ones make.`,
        `Written: ${written.length} files${removed.length > 0 ? `; removed: ${removed.join(", ")}` : ""}.`,
        ...unlocked,
        `Next: git add ${folder} && nix build ./${folder}   (a flake sees tracked files only)`,
      ].join("\n"),
      json: {
        schema: "crq-agent/steps-flakes/1",
        ok: true,
        exit: 0,
        data: { steps, written, removed, locked: locked.ok, notes },
        diagnostics: [],
      },
    });
    return 0;
  } finally {
    await open.close();
  }
};

const POLICY =
  'crq-agent.toml: [policy.inputs] does not allow the paths by which one step\'s flake names another of the same repository; a person can allow them with local = "lattice"';

function diagnostic(place: string, message: string): unknown {
  const [, file = place, line = "1"] = /^(.*):(\d+)$/u.exec(place) ?? [];
  return { severity: "error", rule: "steps", message, file, line: Number(line), column: 1 };
}

/** What differs from the disk: files to write, and those of an earlier run that no step has any more. */
async function changesOf(
  root: string,
  folder: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<readonly TextChange[]> {
  const changes: TextChange[] = [];
  for (const { path, text } of files) {
    const file = await insideJail(root, path);
    const before = await textOf(file);
    if (before === text) continue;
    if (before !== undefined && !path.endsWith(".lock") && !before.includes(GENERATED))
      throw new CommandError(
        "foreign-file",
        `${path}: was not written by this program and is left as it is; move it away, or take another folder`,
      );
    changes.push({ file, before, after: text });
  }
  const kept = new Set(files.map(({ path }) => posix.dirname(path)));
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory() && /^step\d{3,}$/u.test(entry.name))) {
    const flake = await textOf(join(root, folder, name, "flake.nix"));
    if (kept.has(posix.join(folder, name)) || flake?.includes(GENERATED) !== true) continue;
    for (const old of ["flake.nix", "flake.lock"]) {
      const file = join(root, folder, name, old);
      const before = await textOf(file);
      if (before !== undefined) changes.push({ file, before, after: undefined });
    }
  }
  return changes;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
