import { join, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { type CanaryResult, isRejected } from "../../crq/criteria/canaries/run-canaries.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { findHost, missingNix } from "../../system/host.ts";
import { namespaceProblem } from "../../system/store/private-store.ts";
import { table } from "../../ui/text.ts";
import { tryCanaries } from "../wiring/canaries.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { openPlace } from "../wiring/open-place.ts";
import { worldChoice } from "../wiring/world-choice.ts";

interface DoctorOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
  readonly canaries?: boolean;
}

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, or what is missing and the command that mends it. */
  readonly detail: string;
}

function detailOf(canary: CanaryResult): string {
  const { verdict, accepted, reason } = canary;
  if (accepted) return `accepted a bad example: its passes prove nothing (${reason})`;
  return isRejected(canary) ? `rejected (${verdict}): ${reason}` : `could not be tried (${verdict}): ${reason}`;
}

/** Keys are looked for, never shown. */
const KEYS = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"] as const;

/** `crq-agent doctor`: what this machine can do. Exit 4 when Nix or confinement is missing: criteria would be `unavailable`. */
export const doctor: Verb<[DoctorOptions]> = async (context, ui, options) => {
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const nix = missingNix(host);
  const namespaces = await namespaceProblem(host);
  const root = await locate(resolve(context.cwd, options.repo)).then(
    ({ root }) => root,
    () => undefined,
  );
  const config =
    root === undefined
      ? undefined
      : await readConfig(root).then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
  const findings: Finding[] = [
    {
      what: "Nix",
      ok: nix === undefined,
      detail: nix ?? `${host.nix?.version ?? ""} in ${host.nix?.bin ?? ""}${host.nix?.private ? " (private prefix)" : ""}`,
    },
    { what: "git", ok: host.git !== undefined, detail: host.git ?? "missing; install git with your system's package manager" },
    { what: "confinement", ok: namespaces === undefined, detail: namespaces ?? `bubblewrap ${host.bwrap ?? ""}` },
    {
      what: "crq-agent.toml",
      ok: config === undefined,
      detail: config ?? (root === undefined ? "no repository here" : "readable, or absent"),
    },
    ...KEYS.map((key) => ({
      what: key,
      ok: true,
      detail: context.env[key] ? "present" : "absent (only needed for this provider's models)",
    })),
  ];
  const canaries: CanaryResult[] = [];
  if (options.canaries && nix !== undefined)
    findings.push({ what: "canaries", ok: false, detail: "not tried: without Nix most kinds of check cannot run at all" });
  if (options.canaries && nix === undefined) {
    const open = await openPlace(context, {
      world: worldChoice(options),
      scratch: join(context.folders.cache, "scratch", `doctor-${context.now()}`),
    });
    try {
      canaries.push(...(await tryCanaries(context, { ...open, signal: context.signal }, { fresh: true })));
      findings.push(
        ...canaries.map((canary) => ({ what: `canary ${canary.kind}`, ok: isRejected(canary), detail: detailOf(canary) })),
      );
    } finally {
      await open.close();
    }
  }
  const exit = canaries.some(({ accepted }) => accepted) ? 1 : findings.some(({ ok }) => !ok) ? 4 : 0;
  ui.result({
    text: table(findings.map(({ what, ok, detail }) => [ok ? "✓" : "✗", what, detail])),
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
