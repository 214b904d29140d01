import { type DiagnoseContext, diagnose } from "../diagnose/diagnose.ts";
import { plainDiagnosis } from "../diagnose/plain-diagnosis.ts";
import type { Diagnosis, Stage } from "../diagnosis.ts";
import { nameOfDerivation } from "../events.ts";
import { logOf } from "../logs/log-of.ts";
import type { NixFailure } from "../nix.ts";
import type { Called } from "./nix-call.ts";

/** What a call that did not succeed says: its diagnoses, and whether that is a verdict at all. */
export function failureOf(called: Called, context: DiagnoseContext): NixFailure {
  const log = logOf(called.events);
  const rest = { ok: false, log, seconds: called.seconds } as const;
  switch (called.ended) {
    case "not-started":
      return {
        ...rest,
        why: "unavailable",
        diagnoses: [
          plainDiagnosis(
            context.stage,
            { kind: "resources", resource: "nix" },
            `Nix could not be started: ${called.problem ?? "no reason given"}`,
            "Check that Nix is installed and can be run here; nothing was judged.",
          ),
        ],
      };
    case "aborted":
      return {
        ...rest,
        why: "aborted",
        diagnoses: [
          plainDiagnosis(
            context.stage,
            { kind: "unknown" },
            "stopped before Nix had an answer",
            "Run it again; nothing was judged.",
          ),
        ],
      };
    case "timeout":
      return { ...rest, why: "timeout", diagnoses: [outOfTime(called, context)] };
    case "exited": {
      if (!called.events.started) return { ...rest, why: "unavailable", diagnoses: [notStarted(called, context.stage)] };
      const { diagnoses, unavailable: outside } = diagnose(called.events, context);
      return { ...rest, why: outside ? "unavailable" : "failed", diagnoses };
    }
  }
}

function notStarted({ exit, events }: Called, stage: Stage): Diagnosis {
  const said = events.plain.trim().split("\n").at(-1) ?? "";
  return plainDiagnosis(
    stage,
    { kind: "resources", resource: "nix" },
    `Nix did not start (exit code ${exit ?? "none"})${said === "" ? "" : `: ${said}`}`,
    "Nothing was judged: see that Nix and, for a world, bubblewrap can run here (crq-agent doctor).",
  );
}

function outOfTime(called: Called, context: DiagnoseContext): Diagnosis {
  const { derivations, fetching } = called.events;
  const running = derivations.findLast((derivation) => derivation.running);
  const what = running
    ? `building ${nameOfDerivation(running.drv)}`
    : fetching === undefined
      ? "evaluating"
      : `fetching ${fetching}`;
  return plainDiagnosis(
    context.stage,
    { kind: "resources", resource: "time" },
    `stopped after ${Math.round(called.seconds)} seconds while ${what}`,
    running
      ? "Find what hangs at the end of the log, or raise the time limit."
      : "Look for a recursion or list that never ends, or an input that does not answer; or raise the time limit.",
  );
}

/** A refusal of this program itself, before or after Nix ran. */
export function failed(stage: Stage, message: string, next: string): NixFailure {
  return {
    ok: false,
    why: "failed",
    diagnoses: [plainDiagnosis(stage, { kind: "unknown" }, message, next)],
    log: "",
    seconds: 0,
  };
}

/** There is no Nix: `missing` says why and what to do. */
export function unavailable(missing: string | undefined, stage: Stage): NixFailure {
  const message = missing ?? "Nix is not installed";
  const next =
    "Install Nix 2.19 or newer (or run the set-up); without it nothing that needs an evaluation or a build can be judged.";
  return {
    ok: false,
    why: "unavailable",
    diagnoses: [plainDiagnosis(stage, { kind: "unknown" }, message, next)],
    log: "",
    seconds: 0,
  };
}
