import { checkSchemas } from "../../checks.ts";
import { defineKind } from "../check/kind.ts";
import { result } from "../check/result.ts";

export const manual = defineKind({
  schema: checkSchemas.manual,
  kind: "manual",
  tier: "text",
  needs: "files",
  guard: "none: a person answers",
  canary: undefined,
  run: async (check, context) => {
    const answer = context.answers[context.criterion];
    const asked = { candidates: 1, checked: answer === undefined ? 0 : 1 };
    if (answer === undefined) {
      const how = `verify --answer ${context.criterion}=pass|fail`;
      return result("manual", "answer-pending", "text", `${check.who} has not answered yet: ${check.ask} (${how})`, asked);
    }
    const name = answer.by.replace(/^human:/u, "");
    const who = name === check.who ? name : `${name}, for ${check.who},`;
    const day = answer.at.slice(0, 10);
    return result(answer.verdict, "answered", "text", `${who} answered ${answer.verdict} on ${day} to: ${check.ask}`, asked);
  },
});
