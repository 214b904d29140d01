import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandsOfFence } from "../../../../src/crq/criteria/judge/documented-command.ts";
import { markdownText } from "../../../../src/crq/criteria/judge/markdown-text.ts";
import { renderFlake } from "../../../../src/nix/recipes/flake-file.ts";
import { GUIDE_HEADING, guideSection, runCommands, withGuide } from "../../../../src/nix/recipes/guide/guide-section.ts";
import type { FlakePlan } from "../../../../src/nix/recipes/plan.ts";
import { parseNix } from "../nix-command.ts";
import { plain } from "../plans.ts";

const plan: FlakePlan = {
  ...plain,
  shells: ["default"],
  stepChecks: [
    {
      attribute: "receipts",
      steps: [
        { tool: "clippy", denyWarnings: true },
        { tool: "test", features: { names: ["cpu", "receipts"], noDefault: true } },
        { tool: "test", filter: "guard" },
        { tool: "nextest", profile: "ci" },
      ],
      files: ["receipts.log", "junit.xml"],
    },
  ],
};
const facts = { system: "x86_64-linux", answers: new Map([["greet", ["--version"]]]) };
const section = (line: string): string => guideSection(plan, facts, line);

describe("the section of a guide", () => {
  it("marks to be run only what can be carried out, all of it", () => {
    const { runFences } = markdownText(section(`## ${GUIDE_HEADING}`));
    const commands = runFences.flatMap(({ language, code, line }) => commandsOfFence(language, code, line));
    expect(commands.map(({ shown }) => shown.replace(/\s+#.*$/, ""))).toEqual(runCommands(plan, facts));
    expect(commands.filter(({ command }) => command === undefined)).toEqual([]);
    expect(runCommands(plan, facts)).toContain("nix build .#checks.x86_64-linux.receipts");
  });

  it("is written a second time in its own place, whatever stands around it", () => {
    const line = fc.constantFrom("# One", "## Two", "### Three", `## ${GUIDE_HEADING}`, "text", "", "- item", "```sh", "```");
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const once = withGuide(lines.join("\n"), GUIDE_HEADING, section);
        return withGuide(once, GUIDE_HEADING, section) === once;
      }),
    );
  });

  it("has a flake that Nix parses, with the steps in one script", async () => {
    const flake = renderFlake(plan);
    await parseNix(flake);
    expect(flake).toContain("chosen cargo test --offline --workspace -- guard");
    expect(flake).toContain("cp target/nextest/ci/junit.xml $out/junit.xml");
  });
});
