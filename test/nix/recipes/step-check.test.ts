import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stepCheck } from "../../../src/nix/recipes/step-check.ts";
import { plain } from "./plans.ts";

it("a check's log holds every step, whatever name a document gives it", () => {
  const check = stepCheck(plain, { attribute: "lint", steps: [{ tool: "fmt" }], files: ["step.log"] });
  const [step] = /step\(\) \{[\s\S]*?\n\s*\}/u.exec(check) ?? [];
  const cwd = mkdtempSync(join(tmpdir(), "crq-log-"));
  execFileSync("bash", ["-c", `${step}\nstep echo one\nstep echo two`], { cwd });
  expect(readFileSync(join(cwd, "step.log"), "utf8")).toBe("$ echo one\none\n$ echo two\ntwo\n");
});
