import { checkSchemas } from "../../checks.ts";
import { defineKind } from "../check-kind.ts";
import { unavailable } from "../check-result.ts";

export const steps = defineKind({
  schema: checkSchemas.steps,
  kind: "steps",
  tier: "eval",
  needs: "nix",
  guard: "fewer than min steps or nodes",
  canary: undefined,
  run: async () => unavailable("not-supported", "text", "checks of kind steps are not judged by this version"),
});
