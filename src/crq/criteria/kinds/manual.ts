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
    return result(answer, "answered", "text", `${check.who} answered ${answer} to: ${check.ask}`, asked);
  },
});
