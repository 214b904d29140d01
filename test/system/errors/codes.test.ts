import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_AREAS, ERRORS, isErrorCode } from "../../../src/system/errors/codes.ts";
import { EXIT_CODES } from "../../../src/system/errors/exit-codes.ts";
import { ForeseenError, withCode } from "../../../src/system/errors/foreseen.ts";

const ROOT = join(import.meta.dirname, "../../..");
const TABLE = join("system", "errors", "codes.ts");

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && path !== TABLE)
  .map((path) => readFileSync(join(ROOT, "src", path), "utf8"))
  .join("\n");

describe("the codes of errors", () => {
  it("are kebab words that no CRQ id and no rule of the linter looks like", () => {
    expect(Object.keys(ERRORS).filter((code) => !/^[a-z]+(?:-[a-z]+)*$/u.test(code))).toEqual([]);
  });

  // That a code which is thrown stands in the table is the compiler's to say.
  it("are each thrown somewhere", () => {
    expect(Object.keys(ERRORS).filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
  });

  it("stand in one area each, with an exit code that is documented", () => {
    expect(ERROR_AREAS.flatMap(([, entries]) => Object.keys(entries)).sort()).toEqual(Object.keys(ERRORS).sort());
    expect(Object.entries(ERRORS).filter(([, { exit }]) => !Object.hasOwn(EXIT_CODES, exit))).toEqual([]);
  });

  it("have an anchor each in the reference", () => {
    const page = readFileSync(join(ROOT, "docs/reference/errors.md"), "utf8");
    const anchors = [...page.matchAll(/^### (.+)$/gmu)].map((match) => match[1]);
    expect(anchors.toSorted()).toEqual(Object.keys(ERRORS).sort());
  });

  it("are looked up as names that nobody vouched for", () => {
    expect([isErrorCode("no-flake"), isErrorCode("constructor"), isErrorCode("__proto__")]).toEqual([true, false, false]);
  });

  it("stand behind a message of one line and below a longer one", () => {
    const error = new ForeseenError("no-nix", "there is no Nix", [], 2);
    expect([error.exit, new ForeseenError("no-nix", "x").exit]).toEqual([2, 4]);
    expect([withCode("gone.", "no-flake"), withCode("a\nb", "no-flake")]).toEqual(["gone. [no-flake]", "a\nb\n[no-flake]"]);
  });
});
