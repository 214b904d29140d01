import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportJsonSchema } from "../src/crq/criteria/report/evidence.ts";
import { writeEventSchema } from "../src/session/event-schema.ts";

/** Writes the generated pages of docs/reference anew; tests compare them with the code. */
const folder = join(import.meta.dirname, "..", "docs", "reference");
await writeEventSchema(folder);
writeFileSync(join(folder, "crq-report-1.schema.json"), `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
