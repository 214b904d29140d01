import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { refresh as refreshJob } from "../../jobs/refresh.ts";
import { writeAll } from "../../jobs/vendor/write.ts";
import { adoptTracked, createWorkspace, locate, removeCopy } from "../../repo/workspace/workspace.ts";
import { cargoNames } from "../change/verification/own-names.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { openSession, runJob } from "../wiring/open-session.ts";
import { type WorldOptions, worldChoice } from "../wiring/world-choice.ts";
import { endingText, exitOf, outcomeOf, refreshDiagnostics, refreshText } from "./refresh-report.ts";

interface RefreshOptions extends OutputOptions, WorldOptions {
  readonly repo: string;
  readonly check?: boolean;
  readonly update?: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** `crq-agent refresh`: lock, hashes and toolchain pins in step with Cargo.lock and rust-version, shown first, written after a yes. */
export const refresh: Verb<[RefreshOptions]> = async (context, ui, options) => {
  if (options.check && (options.yes || (options.update ?? []).length > 0))
    throw new CommandError("option-conflict", "--check changes nothing; leave --yes and --update out");
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  if (!existsSync(join(root, "flake.nix")))
    throw new CommandError(
      "no-flake",
      `${root}: has no flake.nix in its root, so nothing could be out of step; to give it one: crq-agent draft "nixify this Rust project"`,
    );
  const session = await openSession(context, ui, {
    verb: "refresh",
    root,
    config,
    model: "none",
    world: worldChoice(options),
    limits: {},
    maxOutputTokens: 1,
    request: { update: options.update ?? [], check: options.check ?? false },
    ownNames: await cargoNames(root),
  });
  try {
    const workspace = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    await adoptTracked(workspace);
    const refreshed = await runJob(refreshJob({ place: session.place, workspace, update: options.update ?? [] }), session);
    const { files } = refreshed;
    const mayWrite = files.length > 0 && !options.check && !options.dryRun;
    const asked = mayWrite && !options.yes && ui.interactive;
    const write = mayWrite && (options.yes || (await ui.confirm("Write this?", refreshText(refreshed))));
    if (write) {
      const problem = await writeAll(root, files);
      if (problem !== undefined) throw new CommandError("not-written", problem);
    }
    const written = write ? files.map(({ path }) => path) : [];
    const exit = mayWrite && !write ? 5 : exitOf(refreshed, options.check ?? false);
    session.append({ type: "outcome", outcome: outcomeOf(refreshed, exit) });
    const ending = endingText({
      refreshed,
      asked,
      written,
      waits: mayWrite && !write,
      check: options.check ?? false,
      git: workspace.git,
    });
    const { changes, open, diff, built, builds, untracked, outcome } = refreshed;
    ui.result({
      text: [...(asked ? [] : [refreshText(refreshed)]), ending].filter((part) => part !== "").join("\n"),
      json: {
        schema: "crq-agent/refresh/1",
        ok: exit === 0,
        exit,
        data: {
          session: session.id,
          outcome,
          changes,
          open,
          written,
          dryRun: options.dryRun ?? false,
          diff,
          built,
          builds,
          nixRuns: session.open.nix.processes,
          untracked,
        },
        diagnostics: refreshDiagnostics(refreshed),
      },
    });
    return exit;
  } finally {
    await removeCopy(session.place.workFolder);
    await session.close();
  }
};
