import type { Check } from "../../../checks.ts";
import { constantReason } from "../../judge/constant-command.ts";
import { expectsSomething } from "../../judge/expectation.ts";
import { levels, type Rule, type RuleInput } from "../../rule.ts";
import { livingItems } from "./criteria.ts";

/** Every check of the living criteria with where its block says so. */
function* checksOf(input: RuleInput) {
  for (const { criterion, block } of livingItems(input)) {
    for (const [index, check] of criterion.checks.entries()) {
      const prefix = block?.data?.check === undefined ? [] : ["check", index];
      yield {
        id: criterion.checks.length === 1 ? criterion.id : `${criterion.id}.${index}`,
        check,
        at: (...path: (string | number)[]) => block?.placeOf([...prefix, ...path]) ?? criterion.place,
      };
    }
  }
}

export const constantCheck: Rule = {
  name: "acceptance/constant-check",
  about: "a command whose result does not depend on the change",
  explain:
    "`true`, `echo`, `exit 0`, `… || true`, `|| echo` and a pipe without pipefail succeed whatever was built. Run the program itself and say what it " +
    "must print.",
  levels: levels("W E E"),
  *check(input) {
    for (const { id, check, at } of checksOf(input)) {
      const commands = commandsOf(check);
      for (const { key, argv, script } of commands) {
        const reason = constantReason(argv, script);
        if (reason !== undefined) yield { place: at(...key), message: `${id} cannot fail: ${reason}` };
      }
      if (check.kind === "nix-eval" && check.expr !== undefined && ignoresArgument(check.expr)) {
        yield { place: at("expr"), message: `${id} cannot fail: the function ignores the flake it is given` };
      }
    }
  },
};

function commandsOf(check: Check): { key: string[]; argv: readonly string[] | undefined; script: string | undefined }[] {
  switch (check.kind) {
    case "command":
      return [{ key: [check.argv === undefined ? "script" : "argv"], argv: check.argv, script: check.script }];
    case "run":
      return [{ key: ["argv"], argv: check.argv, script: undefined }];
    case "dev-shell":
      return [{ key: ["run", "argv"], argv: check.run.argv, script: undefined }];
    default:
      return [];
  }
}

/** Nix function `name: body` (or `_: body`) whose body does not name its argument; other forms are left to the evaluator. */
function ignoresArgument(expr: string): boolean {
  const match = /^\s*([A-Za-z_][\w'-]*)\s*:([\s\S]*)$/.exec(expr);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  return match[1] === "_" || !new RegExp(`(?<![\\w'-])${match[1].replaceAll("'", "['’]")}(?![\\w'-])`).test(match[2]);
}

export const checkWithoutExpectation: Rule = {
  name: "acceptance/check-without-expectation",
  about: "a command expects nothing beyond exit 0, or a file nothing that an empty one lacks",
  explain:
    "A program that does nothing exits with 0 too. Say what it must print (`stdout = { regex = … }`), or which file it must write. " +
    "A pattern that matches the empty text holds for every file; what must not stand in one is `not-regex`.",
  levels: levels("- W E"),
  *check(input) {
    for (const { id, check, at } of checksOf(input)) {
      if (!expectsSomething(check))
        yield { place: at("kind"), message: `${id} ${EXPECTS_NOTHING[check.kind === "file" ? "file" : "program"]}` };
    }
  },
};

const EXPECTS_NOTHING = {
  program: "expects nothing that a silent program would not meet",
  file: "expects nothing that an empty file would not meet: its regex matches the empty text; what must not stand in it is `not-regex`",
} as const;

export const suggestedCheck: Rule = {
  name: "acceptance/suggested-check",
  about: "`suggested = true` is left",
  explain: "The importer guessed this check; it is never run. Read it, correct it, and remove the mark.",
  levels: levels("i W E"),
  *check(input) {
    const { metadata } = input.document.crq;
    const isOut = metadata !== undefined && metadata.status !== "draft";
    for (const { id, check, at } of checksOf(input)) {
      if (!check.suggested) continue;
      const message = `${id} is only suggested and is not run; check it and remove \`suggested\``;
      yield { place: at("suggested"), message, ...(isOut && input.profile === "standard" && { level: "error" as const }) };
    }
  },
};

export const preferTypedKind: Rule = {
  name: "acceptance/prefer-typed-kind",
  about: "a command or manual check where a typed kind fits",
  explain: "Typed kinds know when a pass is worth nothing, name what is missing and need no shell.",
  levels: levels("i W W"),
  *check(input) {
    for (const { id, check, at } of checksOf(input)) {
      if (check.kind !== "command" && check.kind !== "manual") continue;
      const text = check.kind === "manual" ? check.ask : (check.script ?? check.argv?.join(" ") ?? "");
      const kind = typedKindFor(text, check.kind === "manual");
      if (kind !== undefined) yield { place: at("kind"), message: `${id}: kind "${kind}" does this` };
    }
  },
};

const TYPED: readonly (readonly [RegExp, string])[] = [
  [/\bnix\s+flake\s+check\b/, "flake-check"],
  [/\bnix\s+(?:build|-?-?build)\b|\bnix-build\b/, "nix-build"],
  [/\bnix\s+develop\b|\bnix-shell\b/, "dev-shell"],
  [/\bnix\s+flake\s+(?:show|metadata)\b/, "flake-outputs"],
  [/\bnix\s+eval\b/, "nix-eval"],
  [/\bnix-instantiate\s+--parse\b/, "nix-parse"],
  [/\bnix\s+flake\s+(?:lock|update)\b/, "lock"],
  [/\bnix\s+run\b/, "run"],
];
const TYPED_SHELL: readonly (readonly [RegExp, string])[] = [
  [/\bgit\s+(?:diff|status|ls-files)\b/, "git-scope"],
  [/(?:^|[\s;&|(])(?:test|\[)\s+-[efsd]\s|(?:^|[\s;&|(])(?:ls|stat)\s+[\w./]/m, "file"],
  [/(?:^|[\s;&|(])grep\b/m, "file` or `doc"],
];

function typedKindFor(text: string, isManual: boolean): string | undefined {
  return [...TYPED, ...(isManual ? [] : TYPED_SHELL)].find(([pattern]) => pattern.test(text))?.[1];
}

export const checkRules: readonly Rule[] = [constantCheck, checkWithoutExpectation, suggestedCheck, preferTypedKind];
