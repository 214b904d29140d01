import type { GateDefinition } from "../gate.ts";
import { pass } from "../gate.ts";
import { judgementOf } from "../observe.ts";
import { type ChangeSubject, checkOf, observe } from "../subject.ts";

/** Every tracked `.nix` file parses. */
export const parse: GateDefinition<ChangeSubject> = {
  name: "parse",
  needs: ["patch"],
  expensive: false,
  async run(subject) {
    const { target, environment } = subject.context;
    const files = target.matching(["**/*.nix"]);
    // None at all is for the outputs to find.
    if (files.length === 0) return pass("there is no .nix file");
    return judgementOf(await observe(subject, checkOf("nix-parse", { files: ["**/*.nix"] })), environment);
  },
};
