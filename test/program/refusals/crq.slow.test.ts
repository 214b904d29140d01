import { describe, it } from "vitest";
import { place } from "../place.ts";
import { crqText } from "../samples.ts";
import { project, refused } from "./refused.ts";

const criterion = (block: string): string => `-   **AC-1**: The greeting is "welcome".\n${block}`;
const check = (lines: string): string => criterion(`    \`\`\`toml check AC-1\n${lines.replace(/^/gmu, "    ")}\n    \`\`\`\n`);

/** The rest of the table of crq.test.ts: other words, the same way through the program. */

describe("a CRQ that cannot be used", () => {
  it.each([
    [
      "no status",
      crqText().replace(/^status = .*\n/mu, ""),
      2,
      /CRQ-001-say-welcome\.md:3:1: `status` is missing; one of draft, /u,
    ],
    ["another schema", crqText().replace('"crq/1"', '"crq/9"'), 2, /CRQ-001-say-welcome\.md:4:\d+: .*newer crq-agent/u],
    [
      "a kind of check that does not exist",
      crqText({ criteria: check('kind = "nix-evil"') }),
      2,
      /CRQ-001-say-welcome\.md:\d+:\d+: unknown kind "nix-evil"; did you mean `nix-eval`\? allowed: nix-parse, /u,
    ],
    [
      "a criterion without a check",
      crqText({ criteria: criterion("") }),
      2,
      /CRQ-001-say-welcome\.md:\d+:1: AC-1 has no check that could be run, so it cannot fail; add a block or withdraw it/u,
    ],
    [
      "no criteria at all",
      crqText({ criteria: "None.\n" }),
      2,
      /has no acceptance criteria, so nothing could be proven; add `\*\*AC-1\*\*: …`/u,
    ],
    [
      "a failure that is swallowed",
      crqText({ criteria: check('kind = "command"\nwhy = "none"\nscript = "nix build || true"') }),
      1,
      /acceptance\/constant-check: AC-1 cannot fail/u,
    ],
    [
      "a check that is only suggested",
      crqText({ criteria: check('kind = "nix-eval"\nattr = "greeting"\nequals = "welcome"\nsuggested = true') }),
      5,
      /AC-1 has a check that is only suggested; read it and remove/u,
    ],
    [
      "a status that ends it",
      crqText().replace('"proposed"', '"rejected"'),
      2,
      /a CRQ with status "rejected" cannot be approved/u,
    ],
    ["no text at all", "", 2, /CRQ-001-say-welcome\.md:1:1: there is no `toml crq` block/u],
    [
      "more than a megabyte",
      `${crqText()}${"x".repeat(1_100_000)}\n`,
      2,
      /CRQ-001-say-welcome\.md:1:1: \d+ bytes are more than the 1048576 a CRQ may have/u,
    ],
  ])("has %s", async (_, text, exit, message) => {
    const at = await place();
    await refused(at, await project(at, text), ["apply", "1", "--yes"], exit, message);
  });
});
