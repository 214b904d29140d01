import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { referencePages } from "./reference-pages.ts";

/** Writes the generated pages of docs/reference anew. A verb that is gone takes its page along. */
const folder = join(import.meta.dirname, "..", "docs", "reference");
rmSync(join(folder, "verbs"), { recursive: true, force: true });
for (const [name, text] of Object.entries(referencePages())) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
