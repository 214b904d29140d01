import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import type { InputJudge } from "../../../crq/criteria/judge/flake-inputs.ts";
import { inputJudge } from "../../../jobs/facts/lint/input-judge.ts";
import { type InputPolicy, inputPolicySchema } from "../../../nix/policy/policy.ts";
import { tryGit } from "../../../system/git.ts";
import { InfraFailure } from "../../trial/infra-failure.ts";

/** What a project says of itself that grading goes by: read at the commit that the agent was given, never from its change. */
export interface GivenSettings {
  readonly crqFolder: string;
  /** What a project without an own word takes; a verification never asks. */
  readonly nixpkgs: string;
  readonly inputPolicy: InputPolicy | undefined;
  readonly judgeInputs: InputJudge | undefined;
}

export const CONFIG_FILE = "crq-agent.toml";

/** The parts that grading looks at; the rest is for the program to read. */
const settings = z.looseObject({
  crqs: z.string().default("crqs"),
  nix: z.looseObject({ nixpkgs: z.string().default("github:NixOS/nixpkgs/nixos-26.05") }).prefault({}),
  policy: z.looseObject({ inputs: inputPolicySchema.exactOptional() }).prefault({}),
});

export async function givenSettings(repository: string, commit: string): Promise<GivenSettings> {
  const shown = await tryGit(["cat-file", "blob", `${commit}:${CONFIG_FILE}`], { cwd: repository });
  const { crqs, nix, policy } = parsed(shown.exit === 0 ? shown.stdout : "");
  const { inputs } = policy;
  return { crqFolder: crqs, nixpkgs: nix.nixpkgs, inputPolicy: inputs, judgeInputs: inputs && inputJudge(inputs) };
}

function parsed(text: string): z.infer<typeof settings> {
  try {
    return settings.parse(parse(text));
  } catch (error) {
    if (error instanceof TomlError || error instanceof z.ZodError)
      throw new InfraFailure("harness", `the fixture's ${CONFIG_FILE} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}
