import { configSchema } from "../../../config.ts";
import { tomlLine, tomlValue } from "../../../crq/render/toml.ts";
import type { InferredPolicy } from "./infer-policy.ts";

/** What the repository itself answers. */
export interface StarterSettings {
  readonly docs?: readonly string[] | undefined;
  readonly policy?: InferredPolicy | undefined;
}

/**
 * A configuration file for a new project: what was found stands as a setting, with the line behind it; every other setting stands at its
 * default and as a comment, so that it changes nothing until somebody takes a `#` away. Values come from the schema and cannot go stale.
 */
export function starterConfig({ docs: found, policy }: StarterSettings = {}): string {
  const { crqs, docs, model, limits, nix, lint, "hand-over": handOver } = configSchema.parse({});
  const line = (key: string, value: unknown, about?: string): string =>
    `# ${key} = ${tomlValue(value)}${about === undefined ? "" : `  # ${about}`}`;
  return `${[
    "# Settings of crq-agent. What is commented out is the default; take the `# ` away to change it. All keys: crq-agent help config",
    "",
    line("crqs", crqs, "folder of the change requests"),
    ...(found === undefined
      ? [line("docs", docs, "what `draft` reads of the project")]
      : [`${tomlLine("docs", found)}  # what \`draft\` reads of the project`]),
    line("model", model, "`crq-agent help models` lists the others"),
    line("hand-over", handOver, 'or "patch"'),
    "",
    "# [limits]",
    line("turns", limits.turns),
    line("tokens", limits.tokens, "output tokens"),
    line("wall", limits.wall, "seconds"),
    line("builds", limits.builds),
    "",
    "# [nix]",
    line("nixpkgs", nix.nixpkgs),
    line("systems", nix.systems),
    "",
    "# [lint]",
    line("import", lint.import, "globs of folders with foreign documents"),
    "",
    ...(policy === undefined ? POLICY_EXAMPLE : policyLines(policy)),
  ].join("\n")}\n`;
}

const POLICY_EXAMPLE = [
  "# Which flake inputs are allowed. Without this part every input is.",
  "# [policy.inputs]",
  '# org = "your-organisation"',
  "# ref = '^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$'",
  '# transitive = "warn"',
  "# [policy.inputs.forks]",
  '# "NixOS/nixpkgs" = "feature/CRQ-016-nixify"',
  "# [[policy.inputs.exception]]",
  '# url = "github:numtide/flake-utils"',
  '# reason = "why this one is allowed"',
];

function policyLines({ policy, lines }: InferredPolicy): readonly string[] {
  return [
    "# Which flake inputs are allowed, as this repository has them already:",
    ...lines.map((text) => `#   ${text.replace(/[\u0000-\u001f\u007f]/gu, " ")}`),
    "[policy.inputs]",
    tomlLine("org", policy.org),
    tomlLine("ref", policy.ref),
    "[policy.inputs.forks]",
    ...Object.entries(policy.forks).map(([repository, branch]) => tomlLine(repository, branch)),
    ...policy.exception.flatMap(({ url, reason }) => [
      "[[policy.inputs.exception]]",
      tomlLine("url", url),
      tomlLine("reason", reason),
    ]),
  ];
}
