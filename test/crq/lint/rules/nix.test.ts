// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { describe, expect, test } from "vitest";
import { undeclaredArguments } from "../../../../src/nix/recipes/existing/undeclared-arguments.ts";
import { exampleWith } from "../../fixtures/example.ts";
import { CONTEXT, catalogueOf, findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];
const MOTIVATION = "Every machine should build the same program, and later Rust projects can copy this flake.";
const withText = (text: string) => exampleWith([MOTIVATION, text]);

describe("nix/local-input", () => {
  test.each<Case>([
    [
      "in a nix fence",
      withText(
        '```nix\n{\n  inputs.a.url = "path:./a";\n  inputs.b.url = "../b";\n  inputs.c.url = ./c;\n  src = ./.;\n  inputs.d.url = "github:o/r";\n}\n```',
      ),
      [
        "19:12 error `path:./a` is a local path; inputs need a URL",
        "20:12 error `../b` is a local path; inputs need a URL",
        "21:12 error `./c` is a local path; inputs need a URL",
      ],
    ],
    [
      "in a code span",
      withText('`configFlake.url = "./target/x"` or `path:./y`'),
      [
        "17:14 error `./target/x` is a local path; inputs need a URL",
        "17:37 error `path:./y` is a local path; inputs need a URL",
      ],
    ],
    [
      "as an attribute set",
      withText('```nix\ninputs.a = {\n  type = "path";\n  path = "./a";\n};\n```'),
      ["19:3 error `./a` is a local path; inputs need a URL"],
    ],
    ["not in another language", withText('```toml\nurl = "./x"\n```'), []],
    ["an import of a file is no input", withText("`src = ./.` and `import ./x.nix`"), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/local-input", source)).toEqual(expected);
  });
});

test("nix/malformed-command: a correction may quote what it corrects, and only there", () => {
  const wrong = "`nix flake check .#workspace`";
  const section = (text: string) => `${withText("")}\n## 10. Clarifications\n\n-   ${text}\n`;
  expect(findings("nix/malformed-command", section(`Corrected: ${wrong} takes no fragment.`))).toEqual([]);
  expect(findings("nix/malformed-command", section(`Assumed: ${wrong} works.`))).toHaveLength(1);
  expect(findings("nix/malformed-command", withText(`Corrected: ${wrong}`))).toHaveLength(1);
});

describe("nix/malformed-command", () => {
  test.each<Case>([
    [
      "flake check with an attribute",
      withText("`nix flake check .#workspace`"),
      [
        "17:2 error `nix flake check .#workspace`: `nix flake check` takes a flake, no attribute; one check is `nix build .#checks.SYSTEM.workspace` *",
      ],
    ],
    [
      "checks without a system",
      withText("```sh\nnix build .#checks.workspace\n```"),
      ["18:1 error `nix build .#checks.workspace` lacks the system: `.#checks.SYSTEM.workspace` *"],
    ],
    [
      "the old update flag",
      withText("`nix flake lock --update-input x`"),
      ["17:17 info `--update-input` is the old form; write `nix flake update NAME` *"],
    ],
    [
      "the flag on another command has no fix",
      withText("`nix build --update-input x`"),
      ["17:12 info `--update-input` is the old form; write `nix flake update NAME`"],
    ],
    [
      "options, quotes, another flake, another output",
      withText(
        "```sh\nnix flake check -L '.#x'\nnix flake check github:o/r#checks.x86_64-linux.y\nnix develop .#devShells.msrv\n```",
      ),
      [
        "18:1 error `nix flake check -L '.#x'`: `nix flake check` takes a flake, no attribute; one check is `nix build .#checks.SYSTEM.x`",
        "19:1 error `nix flake check github:o/r#checks.x86_64-linux.y`: `nix flake check` takes a flake, no attribute; one check is `nix build github:o/r#checks.SYSTEM.y` *",
        "20:1 error `nix develop .#devShells.msrv` lacks the system: `.#devShells.SYSTEM.msrv` *",
      ],
    ],
    [
      "right ones",
      withText(
        "`nix flake check` `nix flake check .` `nix flake check # all` `nix build .#checks.x86_64-linux.workspace` `nix build .#checks.x86_64-linux` `nix build .#checks.SYSTEM.x` `nix build .#checks.${system}.x` `nix build .#greet`",
      ),
      [],
    ],
    ["a file in another language", withText("```rust\n// nix flake check .#x\n```"), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/malformed-command", source)).toEqual(expected);
  });
});

describe("nix/snippet-does-not-parse", () => {
  const nixProblems = new Map([
    ["{ a = '''x'''; }", { message: "syntax error, unexpected end of file\n at …", line: 1, column: 15 }],
    ["{\n  b = ;\n}", { message: "syntax error, unexpected ';'", line: 2, column: 7 }],
    ["{ }", undefined],
    ["no place", { message: "stack overflow" }],
  ]);
  const found = (text: string) => findings("nix/snippet-does-not-parse", withText(text), "strict", { ...CONTEXT, nixProblems });

  test("says what the parser said, where it said it, and nothing of those that parse", () => {
    expect(found("```nix\n{ a = '''x'''; }\n```\n\n```nix\n{ }\n```\n\n```nix\nno place\n```")).toEqual([
      "18:15 error this snippet does not parse: syntax error, unexpected end of file",
      "25:1 error this snippet does not parse: stack overflow",
    ]);
  });

  test("counts in the indentation of a list item, and in CRLF", () => {
    expect(found("-   x\n    ```nix\n    {\n      b = ;\n    }\n    ```")).toEqual([
      "20:11 error this snippet does not parse: syntax error, unexpected ';'",
    ]);
    expect(
      findings("nix/snippet-does-not-parse", withText("```nix\n{\n  b = ;\n}\n```").replaceAll("\n", "\r\n"), "strict", {
        ...CONTEXT,
        nixProblems,
      }),
    ).toEqual(["19:7 error this snippet does not parse: syntax error, unexpected ';'"]);
  });

  test("other languages are not Nix", () => {
    expect(found("```text\n{ a = '''x'''; }\n```")).toEqual([]);
  });
});

test("nix/off-policy-input is judged by the policy that is handed in", () => {
  const source = withText("`github:other/x?ref=y` and `github:greeters/x`");
  expect(findings("nix/off-policy-input", source)).toEqual(["17:2 warning `github:other/x?ref=y`: its owner is not greeters"]);
});

test("nix/off-policy-input: a name of the registry, and an argument that is not declared", () => {
  const context = { ...CONTEXT, undeclaredInputs: undeclaredArguments };
  const flake =
    '-   x\n    ```nix\n    {\n      inputs.a.url = "nixpkgs/nixos-26.05";\n      outputs = { self, a, b }: { };\n    }\n    ```';
  expect(findings("nix/off-policy-input", withText(flake), "strict", context)).toEqual([
    "20:16 warning `nixpkgs/nixos-26.05`: its owner is not greeters",
    "21:28 warning `outputs` takes `b`, which `inputs` does not declare; Nix would ask a registry for it",
  ]);
});

test("nix/off-policy-input leaves alone what no flake asks for", () => {
  const sed = "`sed -i 's/github:A\\/b\\/c/github:o\\/r?ref=x/g' flake.nix`";
  const form = '`github:<owner>/<repo>` and ```toml\nurl = "github:other/x"\n```';
  expect(findings("nix/off-policy-input", withText(`${sed} ${form}`))).toEqual([]);
  expect(
    findings("nix/off-policy-input", withText('```nix\nsrc = fetchurl { url = "https://example.org/a.tar.gz"; };\n```')),
  ).toEqual([]);
});

test("nix/unknown-crq-ref: neither in the index nor in forks", () => {
  const catalogue = catalogueOf({ "CRQ-007-x.md": "# CRQ-007: Seven\n" });
  const source = withText(
    "`?ref=feature/CRQ-007-x`, `?ref=feature/CRQ-0016-nixify`, `?ref=feature/CRQ-008-y`, `?ref=feature/CRQ-001-own`",
  );
  expect(findings("nix/unknown-crq-ref", source, "strict", { ...CONTEXT, catalogue })).toEqual([
    "17:61 warning `ref=feature/CRQ-008-y` names CRQ-008, which is no CRQ of this repository and no branch of `[policy.inputs.forks]`; correct it, or leave it where that branch exists elsewhere",
  ]);
});

describe("nix/system-missing", () => {
  test.each<Case>([
    [
      "no system",
      exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.greet"']),
      ["35:5 warning `packages.greet` lacks the system; write `packages.${system}.greet`"],
    ],
    ["a system of the target", exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.aarch64-linux.greet"']), []],
    [
      "another system",
      exampleWith(['attr = "packages.${system}.greet"', 'attr = "packages.x86_64-darwin.greet"']),
      ["35:5 warning `packages.x86_64-darwin.greet` is for x86_64-darwin, the target's systems are x86_64-linux, aarch64-linux"],
    ],
    [
      "a check for another system",
      exampleWith([
        'attr = "packages.${system}.greet"',
        'attr = "packages.${system}.greet"\n    systems = ["x86_64-linux", "riscv64-linux"]',
      ]),
      ["36:5 warning the check is for riscv64-linux, the target's systems are x86_64-linux, aarch64-linux"],
    ],
    ["an output without systems", exampleWith(['attr = "packages.${system}.greet"', 'attr = "nixosConfigurations.greet"']), []],
  ])("%s", (_, source, expected) => {
    expect(findings("nix/system-missing", source)).toEqual(expected);
  });
});
