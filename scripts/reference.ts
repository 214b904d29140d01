import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "./reference-pages.ts";

/** Writes the generated pages of docs/reference anew. */
for (const [name, text] of Object.entries(referencePages()))
  writeFileSync(join(import.meta.dirname, "..", "docs", "reference", name), text);
