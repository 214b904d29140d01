import { join, resolve } from "node:path";
import { type Config, readConfig } from "../../../config.ts";
import { type CanaryResult, isRejected } from "../../../crq/criteria/canaries/run-canaries.ts";
import { locate } from "../../../repo/workspace/workspace.ts";
import { findHost, missingNix } from "../../../system/environment/host.ts";
import { table } from "../../../ui/text.ts";
import { tryCanaries } from "../../wiring/canaries.ts";
import type { OutputOptions, Verb } from "../../wiring/context.ts";
import { openPlace } from "../../wiring/open-place.ts";
import { worldChoice } from "../../wiring/world-choice.ts";

import { readDistribution } from "./distribution.ts";
import { type Finding, fine, missing } from "./finding.ts";
import { diskFinding, folderFindings, inputsFinding, keyFindings } from "./places.ts";
import { confinementFinding, gitFindings, nixFindings } from "./programs.ts";

interface DoctorOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
  readonly canaries?: boolean;
}

function detailOf(canary: CanaryResult): string {
  const { verdict, accepted, reason } = canary;
  if (accepted) return `accepted a bad example: its passes prove nothing (${reason})`;
  return isRejected(canary) ? `rejected (${verdict}): ${reason}` : `could not be tried (${verdict}): ${reason}`;
}

/** `crq-agent doctor`: what this machine can do, each part tried. Exit 4 when something is missing that draft, apply or verify need. */
export const doctor: Verb<[DoctorOptions]> = async (context, ui, options) => {
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const distribution = await readDistribution();
  const nix = missingNix(host);
  const root = await locate(resolve(context.cwd, options.repo)).then(
    ({ root }) => root,
    () => undefined,
  );
  const settings = await settingsOf(root);
  const findings: Finding[] = [
    // A Node that is too old never comes here.
    fine("Node", process.versions.node),
    ...(await nixFindings(host, context.folders.home, distribution)),
    ...(await gitFindings(host, { folder: root ?? context.cwd, home: context.folders.home }, distribution)),
    await confinementFinding(host, distribution),
    settings.finding,
    ...keyFindings(context, settings.config),
    await inputsFinding(context, options.world, host),
    await diskFinding(context.folders.cache),
    ...(await folderFindings([
      ["cache", context.folders.cache, "XDG_CACHE_HOME"],
      ["state", context.folders.state, "XDG_STATE_HOME"],
    ])),
  ];
  const canaries: CanaryResult[] = [];
  if (options.canaries && nix !== undefined)
    findings.push(missing("canaries", "not tried: without Nix most kinds of check cannot run at all", null));
  if (options.canaries && nix === undefined) {
    const open = await openPlace(context, {
      world: worldChoice(options),
      scratch: join(context.folders.cache, "scratch", `doctor-${context.now()}`),
    });
    try {
      canaries.push(...(await tryCanaries(context, { ...open, signal: context.signal }, { fresh: true })));
      findings.push(
        ...canaries.map((canary) =>
          (isRejected(canary) ? fine : (what: string, detail: string) => missing(what, detail, null))(
            `canary ${canary.kind}`,
            detailOf(canary),
          ),
        ),
      );
    } finally {
      await open.close();
    }
  }
  const exit = context.signal.aborted
    ? 130
    : canaries.some(({ accepted }) => accepted)
      ? 1
      : findings.some(({ ok }) => !ok)
        ? 4
        : 0;
  ui.result({
    text: findingsText(findings),
    json: {
      schema: "crq-agent/doctor/1",
      ok: exit === 0,
      exit,
      data: { findings, ...(options.canaries && { canaries }) },
      diagnostics: [],
    },
  });
  return exit;
};

async function settingsOf(root: string | undefined): Promise<{ readonly finding: Finding; readonly config: Config | undefined }> {
  if (root === undefined) return { finding: fine("crq-agent.toml", "no repository here"), config: undefined };
  try {
    return { config: await readConfig(root), finding: fine("crq-agent.toml", "readable, or absent") };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { config: undefined, finding: missing("crq-agent.toml", problem, "crq-agent help config") };
  }
}

const MARKS = { ok: "✓", warning: "!", missing: "✗" } as const;

/** What mends a finding stands below it, so that it can be copied whole. */
function findingsText(findings: readonly Finding[]): string {
  const lines = table(findings.map(({ what, state, detail }) => [MARKS[state], what, detail.split("\n").join(" ")])).split("\n");
  const lost = findings.filter(({ state }) => state === "missing").length;
  return [
    ...findings.flatMap(({ mend }, at) => [lines[at] ?? "", ...(mend === null ? [] : [`     mend: ${mend}`])]),
    "",
    lost === 0 ? ableText(findings) : `${lost} missing: apply and verify cannot prove everything here.`,
  ].join("\n");
}

const ableText = (findings: readonly Finding[]): string =>
  findings.some(({ what, state }) => what === "network" && state !== "ok")
    ? "draft can work here; apply and verify need the flake's inputs: a network, or --world DIR."
    : "draft, apply and verify can work here.";
