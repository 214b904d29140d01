import { expect, it } from "vitest";
import { keyFindings, mendFolder } from "../../../../src/commands/machine/doctor/places.ts";
import { parseConfig } from "../../../../src/config.ts";

const keysFor = (settings: string, env: Readonly<Record<string, string>> = {}) =>
  keyFindings({ env }, parseConfig("crq-agent.toml", settings)).map(({ what, state }) => [what, state]);

it("misses the key that the configured model needs, and of a name of the language itself none", () => {
  const none = [
    ["OPENAI_API_KEY", "ok"],
    ["ANTHROPIC_API_KEY", "ok"],
  ];
  expect(keysFor("")).toEqual(none);
  expect(keysFor('model = "openai:x"')).toEqual([["OPENAI_API_KEY", "missing"], none[1]]);
  expect(keysFor('model = "openai:x"', { OPENAI_API_KEY: "k" })).toEqual(none);
  expect(keysFor('model = "mine"\n[models.mine]\nname = "openai:x"')).toEqual([["OPENAI_API_KEY", "missing"], none[1]]);
  for (const name of ["constructor", "constructor:x", "toString", "__proto__"])
    expect(keysFor(`model = "${name}"`)).toEqual(none);
});

it("never gives a person what lies above the program's own folder", () => {
  const own = "/home/it's ada/.cache/crq-agent";
  expect(mendFolder(own, own, "XDG_CACHE_HOME")).toBe(`sudo chown -R "$(id -un)" '/home/it'\\''s ada/.cache/crq-agent'`);
  for (const there of ["/", "/home", "/home/it's ada"])
    expect(mendFolder(own, there, "XDG_CACHE_HOME")).toBe("export XDG_CACHE_HOME=… (a folder that you can write)");
});
