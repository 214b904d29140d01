import { configSchema } from "../../config.ts";
import { tomlValue } from "../../crq/render/toml.ts";

/**
 * A configuration file for a new project: every setting stands at its default and as a comment, so that the file changes nothing until
 * somebody takes a `#` away. Values come from the schema and cannot go stale.
 */
export function starterConfig(): string {
  const { crqs, docs, model, limits, nix, lint, "hand-over": handOver } = configSchema.parse({});
  const line = (key: string, value: unknown, about?: string): string =>
    `# ${key} = ${tomlValue(value)}${about === undefined ? "" : `  # ${about}`}`;
  return `${[
    "# Settings of crq-agent. What is commented out is the default; take the `# ` away to change it.",
    "",
    line("crqs", crqs, "folder of the change requests"),
    line("docs", docs, "what `draft` reads of the project"),
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
  ].join("\n")}\n`;
}
