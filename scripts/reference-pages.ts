import { doctorJsonSchema } from "../src/commands/machine/doctor/finding.ts";
import { reportJsonSchema } from "../src/crq/criteria/report/evidence.ts";
import { publishedSchemas } from "../src/evals/run/published-schemas.ts";
import { surveyJsonSchema } from "../src/jobs/survey/schema.ts";
import { stepJsonSchema } from "../src/repo/steps/records.ts";
import { EVENT_SCHEMA_FILE, eventSchemaText } from "../src/session/event-schema.ts";
import { checkKinds } from "./reference/check-kinds.ts";
import { config } from "./reference/config.ts";
import { crqFormat } from "./reference/crq-format.ts";
import { errors, exitCodes } from "./reference/errors.ts";
import { lintRules } from "./reference/lint-rules.ts";
import { manPage } from "./reference/man-page.ts";
import { verbPages } from "./reference/verbs.ts";

/** The pages of docs/reference that are made from the code, one file each in reference/: file name to text. A test compares them with what is committed. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    [EVENT_SCHEMA_FILE]: eventSchemaText(),
    "crq-report-1.schema.json": `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
    "crq-doctor-1.schema.json": `${JSON.stringify(doctorJsonSchema(), null, 2)}\n`,
    "crq-survey-1.schema.json": `${JSON.stringify(surveyJsonSchema(), null, 2)}\n`,
    "crq-step-1.schema.json": `${JSON.stringify(stepJsonSchema(), null, 2)}\n`,
    ...Object.fromEntries(
      Object.entries(publishedSchemas()).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 2)}\n`]),
    ),
    "config.md": config(),
    "errors.md": errors(),
    "exit-codes.md": exitCodes(),
    "crq-format.md": crqFormat(),
    "check-kinds.md": checkKinds(),
    "lint-rules.md": lintRules(),
    "crq-agent.1": manPage(),
    ...verbPages(),
  };
}
