// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandVariables, variablesOf } from "../../src/crq/variables.ts";

const values = {
  system: "x86_64-linux",
  base: "abc1234",
  out: (ac: string, index: number) => (ac === "AC-1" && index === 0 ? "/nix/store/x" : undefined),
};

describe("expandVariables", () => {
  test.each([
    ["packages.${system}.greet", { text: "packages.x86_64-linux.greet" }],
    ["${base}..${base}", { text: "abc1234..abc1234" }],
    ["${out:AC-1.0}/bin/greet", { text: "/nix/store/x/bin/greet" }],
    ["${out:AC-2.0}/bin", { missing: "${out:AC-2.0}" }],
    ["echo $${HOME} $$ $HOME {x} $", { text: "echo ${HOME} $$ $HOME {x} $" }],
    ["$${a ${system}}", { text: "${a x86_64-linux}" }],
    ["${foo}", { missing: "${foo}" }],
    ["${", { missing: "${" }],
  ])("%s", (text, expected) => {
    expect(expandVariables(text, values)).toEqual(expected);
  });

  test("a text without `${` stays as it is, and `$${` gives back any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("$", "{", "}", "a") })), (text) => {
        // A function, since `$$` in a replacement text stands for one `$`.
        expect(
          expandVariables(
            text.replaceAll("${", () => "$${"),
            values,
          ),
        ).toEqual({ text });
      }),
    );
  });
});

test("variablesOf names what is unknown and what is allowed", () => {
  const allowed = "allowed: ${system}, ${base}, ${out:AC-n.k}; write $${ for a literal ${";
  expect(variablesOf("a${out:AC-0.1}b${c")).toEqual([
    { kind: "text", text: "a" },
    { kind: "unknown", text: "${out:AC-0.1}", message: `unknown variable \${out:AC-0.1}; ${allowed}` },
    { kind: "text", text: "b" },
    { kind: "unknown", text: "${", message: `\${ without a closing brace; ${allowed}` },
    { kind: "text", text: "c" },
  ]);
});
