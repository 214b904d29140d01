import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectSettings } from "../src/commands/wiring/open-place.ts";
import { configSchema } from "../src/config.ts";
import { compareGenerated } from "../src/crq/catalogue/generated.ts";
import { readCatalogue } from "../src/crq/catalogue/read.ts";
import { lint } from "../src/crq/lint/lint.ts";
import { lintContext } from "../src/jobs/facts/lint-context.ts";

const root = join(import.meta.dirname, "..");

it("keeps this project's own CRQs to its own strict profile, and their lists in step", async () => {
  const catalogue = await readCatalogue(root, "crqs");
  const context = await lintContext({ root, settings: projectSettings(configSchema.parse({})), catalogue });
  const findings = catalogue.entries.flatMap(({ path, crq }) => lint(`crqs/${path}`, crq.source, "strict", context));
  const text = (name: string): Promise<string> => readFile(join(root, "crqs", name), "utf8");
  const stale = compareGenerated(catalogue, { list: await text("list.txt"), index: await text("INDEX.md") });
  expect({ documents: catalogue.entries.length > 0, findings, stale }).toEqual({ documents: true, findings: [], stale: [] });
});
