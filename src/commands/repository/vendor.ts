import { lstat, readFile, realpath } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { CONFIG_FILE, readConfig } from "../../config.ts";
import type { Vendored } from "../../jobs/vendor/place.ts";
import { writeAll } from "../../jobs/vendor/write.ts";
import { vendor as vendorJob } from "../../jobs/vendor.ts";
import { adoptTracked, createWorkspace, locate, removeCopy } from "../../repo/workspace/workspace.ts";
import { newSessionId } from "../../session/store.ts";
import { errorCode } from "../../system/error.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { openPlace } from "../wiring/open-place.ts";
import { workFolderOf } from "../wiring/open-session.ts";
import { worldChoice } from "../wiring/world-choice.ts";
import { exitOf, inputDiagnostics, vendorText } from "./vendor-report.ts";

interface VendorOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
  readonly dryRun?: boolean;
  readonly network?: boolean;
  readonly yes?: boolean;
}

/** `crq-agent vendor`: the declared inputs in the policy's form, shown first, written after a yes. */
export const vendor: Verb<[VendorOptions]> = async (context, ui, options) => {
  const directory = resolve(context.cwd, options.repo);
  const { root } = await locate(directory);
  const config = await readConfig(root);
  const policy = config.policy.inputs;
  if (!policy) throw new CommandError("no-policy", noPolicy(join(root, CONFIG_FILE)));
  const folder = await flakeFolder(root, directory);
  const flake = await readText(join(root, folder, "flake.nix"));
  if (flake === undefined)
    throw new CommandError("no-flake", `${join(root, folder)}: has no flake.nix; give the folder of a flake with --repo DIR`);
  const lock = await readText(join(root, folder, "flake.lock"));

  const id = `vendor-${newSessionId(new Date(context.now()))}`;
  const work = workFolderOf(context, root, id);
  const open = await openPlace(context, { world: worldChoice(options), scratch: join(context.folders.cache, "scratch", id) });
  try {
    const workspace = await createWorkspace(root, join(work, "tree"), config.crqs);
    await adoptTracked(workspace);
    const { signal } = context;
    const vendored = await vendorJob({
      nix: open.nix,
      workspace,
      folder,
      flake,
      lock,
      policy,
      today: new Date(context.now()).toISOString().slice(0, 10),
      network: options.network ? { environment: open.environment, folder: join(work, "git"), signal } : undefined,
      run: { signal, timeoutMs: config.nix["eval-timeout"] * 1000, onProgress: (text) => ui.progress(text) },
    });
    const changes = vendored.kind === "planned" ? vendored.changes : [];
    const write =
      changes.length > 0 && !options.dryRun && (options.yes || (await ui.confirm("Write this?", vendorText(vendored))));
    if (write) {
      const problem = await writeAll(root, changes);
      if (problem !== undefined) throw new CommandError("not-written", problem);
    }
    const waits = changes.length > 0 && !write && !options.dryRun;
    const exit = waits ? 5 : exitOf(vendored);
    const written = write ? changes.map(({ path }) => path) : [];
    const asked = ui.interactive && changes.length > 0 && !options.dryRun && !options.yes;
    ui.result({
      text: [
        ...(asked ? [] : [vendorText(vendored)]),
        ending({ asked, changes: changes.length, written, waits, exit, lockIsNew: workspace.git && lock === undefined }),
      ].join("\n"),
      json: {
        schema: "crq-agent/vendor/1",
        ok: exit === 0,
        exit,
        data: dataOf(vendored, options.dryRun ?? false, written),
        diagnostics: inputDiagnostics(vendored, folder, changes.find(({ path }) => path.endsWith("flake.nix"))?.after ?? flake),
      },
    });
    return exit;
  } finally {
    await open.close();
    await removeCopy(work);
  }
};

function dataOf(vendored: Vendored, dryRun: boolean, written: readonly string[]): unknown {
  const common = { dryRun, written };
  switch (vendored.kind) {
    case "planned": {
      const { rewritten, skipped, moved, diff } = vendored;
      return { ...common, outcome: "planned", rewritten, skipped: skipped.map(plainSkip), lock: { moved }, diff };
    }
    case "refused": {
      const { stage, why, message, next, rewritten, skipped } = vendored;
      return { ...common, outcome: "refused", stage, why, message, next, rewritten, skipped: skipped.map(plainSkip) };
    }
    case "without-nix": {
      const { message, next, known } = vendored;
      return { ...common, outcome: "without-nix", message, next, known };
    }
  }
}

const plainSkip = ({ kind: _kind, ...skip }: Extract<Vendored, { kind: "planned" }>["skipped"][number]) => skip;

interface Ending {
  /** A person saw the diff and answered. */
  readonly asked: boolean;
  readonly changes: number;
  readonly written: readonly string[];
  readonly waits: boolean;
  readonly exit: number;
  readonly lockIsNew: boolean;
}

function ending({ asked, changes, written, waits, exit, lockIsNew }: Ending): string {
  if (waits && asked) return "Nothing was written.";
  if (waits) return "Nothing was written. Read the diff, then run it again with --yes (or on a terminal, where it asks).";
  if (written.length > 0) {
    const track = lockIsNew ? " Let git track flake.lock (git add flake.lock): a flake sees tracked files only." : "";
    return `Written: ${written.join(", ")}.${track}${exit === 1 ? " Not everything follows the policy yet." : ""}`;
  }
  if (changes > 0) return "Nothing was written (--dry-run).";
  return exit === 0 ? "Every input follows the policy. Nothing to do." : "Nothing was written.";
}

const noPolicy = (
  file: string,
): string => `${file}: has no [policy.inputs], so there is no form to give the inputs. Add for instance:

[policy.inputs]
org = "your-organisation"
ref = '^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$'
[policy.inputs.forks]
"NixOS/nixpkgs" = "feature/CRQ-016-nixify"
`;

/** The folder that --repo names when it holds a flake of its own, else the repository's root; relative to the root. */
async function flakeFolder(root: string, directory: string): Promise<string> {
  const folder = relative(root, await realpath(directory));
  const there =
    folder === "" || folder.startsWith("..") ? undefined : await lstat(join(directory, "flake.nix")).catch(() => undefined);
  return there ? folder : "";
}

/** Far more than a person writes or a flake locks. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Text of a file that is to be edited: no link, and UTF-8, since it is written back. */
async function readText(file: string): Promise<string | undefined> {
  try {
    const facts = await lstat(file);
    if (!facts.isFile())
      throw new CommandError("not-written", `${file}: is a link or no file; vendor edits a file in place only`);
    if (facts.size > MAX_BYTES)
      throw new CommandError("too-large", `${file}: has ${facts.size} bytes; more than ${MAX_BYTES} are not read`);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    if (error instanceof TypeError) throw new CommandError("not-text", `${file}: is not UTF-8, so it is not edited`);
    throw error;
  }
}
