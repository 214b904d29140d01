import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { generateIndex } from "../../../src/crq/catalogue/generated.ts";
import { readCatalogue } from "../../../src/crq/catalogue/read.ts";
import { EXAMPLE } from "../fixtures/example.ts";

let base: string;
let repository: string;
let cache: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "crq remembered ü "));
  repository = join(base, "repository");
  cache = join(base, "cache");
  await mkdir(join(repository, "crqs"), { recursive: true });
  await writeFile(join(repository, "crqs/CRQ-001-a.md"), EXAMPLE);
  await writeFile(join(repository, "crqs/old_crq.md"), "# CRQ 7 - old\n");
  for (let number = 20; number < 40; number += 1) await writeFile(join(repository, `crqs/CRQ-0${number}.md`), "# Foreign\n");
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

const kept = async (): Promise<string> => join(cache, "catalogues", (await readdir(join(cache, "catalogues")))[0] ?? "");
const index = async (withCache = true): Promise<unknown> =>
  generateIndex(await readCatalogue(repository, "crqs", withCache ? cache : undefined), undefined);

test("what is remembered says the same as the documents, also after they change", async () => {
  const fresh = await index(false);
  expect(await index()).toEqual(fresh);
  expect(await index()).toEqual(fresh);
  const remembered = await readCatalogue(repository, "crqs", cache);
  expect(remembered.entries.map(({ crq }) => crq)).toEqual(
    (await readCatalogue(repository, "crqs")).entries.map(({ crq }) => crq),
  );

  await writeFile(join(repository, "crqs/CRQ-001-a.md"), EXAMPLE.replace("# CRQ-001: Nixification", "# CRQ-001: Denixification"));
  await writeFile(join(repository, "crqs/old_crq.md"), "# CRQ 8 - old\n");
  const changed = await index(false);
  expect(changed).not.toEqual(fresh);
  expect(await index()).toEqual(changed);
});

test("a remembered summary is really used, and only by the build that made it", async () => {
  const fresh = await index();
  const file = await kept();
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("Nixification of the greet", "Remembered of the greet"));
  expect(await index()).toEqual(
    JSON.parse(JSON.stringify(fresh).replace("Nixification of the greet", "Remembered of the greet")),
  );
  await writeFile(
    file,
    text.replace("Nixification of the greet", "Remembered of the greet").replace(/"reader":"./, '"reader":"-'),
  );
  expect(await index()).toEqual(fresh);
});

test.each([
  ["no JSON", "{"],
  ["another shape", '{"reader": 1}'],
  ["empty", ""],
])("a damaged cache is passed over: %s", async (_name, damage) => {
  const fresh = await index();
  await writeFile(await kept(), damage);
  expect(await index()).toEqual(fresh);
});

test("a small folder leaves nothing in the cache", async () => {
  for (let number = 20; number < 40; number += 1) await rm(join(repository, `crqs/CRQ-0${number}.md`));
  await index();
  expect(await readdir(base)).toEqual(["repository"]);
});

test("a cache folder that cannot be written is no error", async () => {
  await writeFile(cache, "a file where the folder should be");
  expect(await index()).toEqual(await index(false));
});
