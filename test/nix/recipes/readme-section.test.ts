import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readmeCommands, readmeSection, withSection } from "../../../src/nix/recipes/readme-section.ts";
import { plain } from "./plans.ts";

describe("readmeSection", () => {
  it("shows what the flake answers", () => {
    expect(readmeSection(plain, "## Nix")).toBe(`## Nix

The flake builds the project from \`Cargo.lock\` on x86_64-linux, aarch64-linux.

\`\`\`sh
nix build .#greet  # the program, in result/bin/greet
nix run .#greet    # build it and run it; arguments follow after --
nix develop        # a shell with cargo, rustc, clippy, rustfmt
nix flake check    # build everything and run the tests
\`\`\`
`);
    expect(readmeCommands(plain)).toEqual(["nix build .#greet", "nix run .#greet", "nix develop", "nix flake check"]);
  });
});

describe("withSection", () => {
  const section = (heading: string) => `${heading}\n\nText.\n`;

  it("appends a section to a README", () => {
    expect(withSection("# a\n\nHello.\n", "Nix", section)).toBe("# a\n\nHello.\n\n## Nix\n\nText.\n");
  });

  it("starts an empty README", () => {
    expect(withSection("", "Nix", section)).toBe("## Nix\n\nText.\n");
  });

  it("adds to a section that exists and leaves what stands there", () => {
    expect(withSection("# a\n\n### nix\n\nOld.\n\n#### More\n\nx\n\n## Last\n", "Nix", section)).toBe(
      "# a\n\n### nix\n\nOld.\n\n#### More\n\nx\n\nText.\n\n## Last\n",
    );
    expect(withSection("# a\n\n## Nix\n\nOld.", "Nix", section)).toBe("# a\n\n## Nix\n\nOld.\n\nText.\n");
  });

  it("does not take a line in a fence for a heading", () => {
    expect(withSection("# a\n\n```sh\n# Nix\n```\n", "Nix", section)).toBe("# a\n\n```sh\n# Nix\n```\n\n## Nix\n\nText.\n");
  });

  it("keeps CRLF", () => {
    expect(withSection("# a\r\n\r\nHello.\r\n", "Nix", section)).toBe("# a\r\n\r\nHello.\r\n\r\n## Nix\r\n\r\nText.\r\n");
  });

  it("keeps every line of the README, in order", () => {
    const readme = fc
      .array(fc.constantFrom("# a", "## Nix", "## b", "text", "", "```", "~~~", "### Nix"))
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(readme, (text) => {
        const kept = text.split("\n").filter((line) => line !== "");
        const result = withSection(text, "Nix", section).split("\n");
        let at = 0;
        for (const line of result) if (line === kept[at]) at += 1;
        expect(at).toBe(kept.length);
        expect(result).toContain("Text.");
      }),
    );
  });
});
