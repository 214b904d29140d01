import { lint } from "../../../src/crq/lint/lint.ts";
import { lintContext } from "../../../src/jobs/facts/lint/lint-context.ts";
import { FRAME } from "../conversation.ts";

/**
 * Errors of a drafted document at the strict profile.
 * @param docs folders outside of the repository that were read for it
 */
export async function findings(directory: string, markdown: string, docs: readonly string[] = []): Promise<readonly string[]> {
  const settings = {
    crqFolder: "crqs",
    configFile: "crq-agent.toml",
    nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
    systems: FRAME.systems,
    policy: undefined,
    inputPolicy: undefined,
    judgeInputs: undefined,
    noteCharacters: 0,
    buildTimeoutMs: 1,
    evalTimeoutMs: 1,
  };
  const context = await lintContext({
    root: directory,
    settings,
    author: FRAME.author,
    today: FRAME.created,
    base: FRAME.base,
    systems: FRAME.systems,
    docs,
  });
  return lint("crqs/CRQ-001-x.md", markdown, "strict", context)
    .filter((finding) => finding.severity === "error" && finding.rule !== "id/file-name")
    .map((finding) => `${finding.line}:${finding.column} ${finding.rule}: ${finding.message}`);
}
