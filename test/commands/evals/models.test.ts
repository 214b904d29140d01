import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeModels } from "../../../src/commands/evals/wiring/models.ts";
import { parseConfig } from "../../../src/config.ts";

test("a script with another text is another model, so that results of the old one are not taken for its own", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "crq-models-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const file = join(cwd, "script.json");
  const params = async (text: string) => {
    await writeFile(file, JSON.stringify({ schema: "crq-script/1", reply: [{ text }] }));
    const named = [{ alias: "s", spec: `scripted:${file}` }];
    const context = { cwd, env: {}, packageRoot: join(import.meta.dirname, "../../..") };
    const [one] = await makeModels(context, parseConfig("crq-agent.toml", ""), named, true);
    return one?.model.params;
  };
  const [first, same, other] = [await params("a"), await params("a"), await params("b")];
  expect(first).toEqual(same);
  expect(first).not.toEqual(other);
});
