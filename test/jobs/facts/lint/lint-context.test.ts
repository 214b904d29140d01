import { expect, test } from "vitest";
import { projectSettings } from "../../../../src/commands/wiring/open-place.ts";
import { parseConfig } from "../../../../src/config.ts";
import { lintContext } from "../../../../src/jobs/facts/lint/lint-context.ts";
import { temporaryFolder } from "../../../world/tree.ts";

test("a document's urls are judged by the policy; an exception counts whichever input it is for, until it ends", async () => {
  const config = parseConfig(
    "crq-agent.toml",
    `[policy.inputs]
org = "acme"
ref = '^feature/CRQ-\\d+-'
[policy.inputs.forks]
"NixOS/nixpkgs" = "feature/CRQ-016-nixify"
[[policy.inputs.exception]]
url = "github:other/kept"
input = "kept"
until = 2026-12-31
reason = "they sign it"
`,
  );
  const judge = async (today: string): Promise<readonly unknown[]> => {
    const { policy } = await lintContext({ root: await temporaryFolder(), settings: projectSettings(config), today });
    return ["github:acme/x?ref=feature/CRQ-1-x", "github:other/kept", "github:other/x"].map((url) => policy?.(url));
  };
  expect(await judge("2026-12-31")).toEqual([undefined, undefined, "'github:other/x' belongs to 'other', not to 'acme'"]);
  expect((await judge("2027-01-01"))[1]).toBe("'github:other/kept' belongs to 'other', not to 'acme'");
});
