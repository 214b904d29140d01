import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { noNix } from "../samples.ts";
import { project, refused } from "./refused.ts";

const SECRET = "sk-test-9f8e7d6c5b4a39281706";

describe("a model or a world that cannot be used", () => {
  it.each([
    ["gpt-5", {}, /there is no model "gpt-5"; did you mean openai:gpt-5\? Write rules, PROVIDER:NAME or scripted:FILE/u],
    ["ruls", {}, /there is no model "ruls"; did you mean rules\?/u],
    ["opnai:gpt-5", {}, /there is no provider "opnai"; did you mean openai:gpt-5\? Known: anthropic, /u],
    [
      "openai:gpt-5",
      {},
      /openai:gpt-5 needs a key: set OPENAI_API_KEY in the environment \(keys are read from nowhere else\), or choose another model/u,
    ],
    ["anthropic:claude", { OPENAI_API_KEY: SECRET }, /anthropic:claude needs a key: set ANTHROPIC_API_KEY/u],
    ["scripted:nowhere.json", {}, /nowhere\.json: cannot be read/u],
  ])("%s: exit 2 before anything starts, and no key is shown", async (model, env, message) => {
    const at = await place();
    const repo = await project(at);
    await refused(at, repo, ["apply", "1", "--yes", "--model", model], 2, message, env);
  });

  it("names worlds and cassettes that are none", async () => {
    const at = await place();
    const repo = await project(at);
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--world", "crqs"],
      2,
      /crqs: is no world \(it has no world\.toml\); give a folder with --world DIR, or --world shipped\n$/u,
    );
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--cassette", "tape"],
      2,
      /the cassette "tape" is neither record:PATH nor replay:PATH/u,
    );
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--cassette", "replay:none.jsonl"],
      2,
      /none\.jsonl: there is no such cassette; record it with --cassette record:none\.jsonl/u,
    );
  });

  it.skipIf(noNix !== undefined)(
    "says that a provider cannot be reached: exit 21, the session can be resumed, the key is nowhere",
    async () => {
      const at = await place();
      const repo = await project(at);
      const before = await fingerprint(repo);
      const env = { OPENAI_API_KEY: SECRET, OPENAI_BASE_URL: `http://127.0.0.1:${await closedPort()}/v1` };
      const done = await at.run(["apply", "1", "--yes", "--world", at.world, "--model", "openai:test"], { cwd: repo, env });
      expect(done.exit).toBe(21);
      expect(done.stdout).toMatch(
        /^Outcome: provider: openai:test: the provider could not be reached \(.*ECONNREFUSED.*\)\. Check the network and the base URL, then resume\.$/mu,
      );
      expect(done.stdout).toMatch(/^Go on with: crq-agent sessions resume \S+$/mu);
      expect(done.stdout + done.stderr + JSON.stringify(await at.journal())).not.toContain(SECRET);
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    },
  );
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address instanceof Object ? address.port : 9;
}
