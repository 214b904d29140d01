import type { CheckKind } from "../../checks.ts";
import type { AnyCheckKind } from "../check/kind.ts";
import { manual } from "./manual.ts";
import { flakeCheck } from "./nix/flake-check.ts";
import { flakeInputs } from "./nix/flake-inputs.ts";
import { flakeOutputs } from "./nix/flake-outputs.ts";
import { lock } from "./nix/lock.ts";
import { nixBuild } from "./nix/nix-build.ts";
import { nixEval } from "./nix/nix-eval.ts";
import { nixParse } from "./nix/nix-parse.ts";
import { command } from "./programs/command.ts";
import { devShell } from "./programs/dev-shell.ts";
import { run } from "./programs/run.ts";
import { steps } from "./steps/steps.ts";
import { doc } from "./text/doc.ts";
import { file } from "./text/file.ts";
import { gitScope } from "./text/git-scope.ts";

/** All kinds of check, each a value. */
export const KINDS: Readonly<Record<CheckKind, AnyCheckKind>> = {
  "nix-parse": nixParse,
  "nix-eval": nixEval,
  "flake-outputs": flakeOutputs,
  "flake-inputs": flakeInputs,
  lock,
  "flake-check": flakeCheck,
  "nix-build": nixBuild,
  "dev-shell": devShell,
  run,
  file,
  doc,
  "git-scope": gitScope,
  steps,
  command,
  manual,
};
