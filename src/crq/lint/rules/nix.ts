// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template

import { isSameId, withId } from "../../catalogue/catalogue.ts";
import type { Check } from "../../checks.ts";
import { formatId, numbersIn } from "../../ids.ts";
import { type Hit, hits, isFacts, isMetadata, nixSnippets, type Span } from "../judge/spans.ts";
import { type Finding, levels, type Rule, type RuleInput } from "../rule.ts";
import { livingItems } from "./acceptance/criteria.ts";

const LOCAL = String.raw`(?:path:|git\+file:|file:|\.{1,2}\/|\/(?!\/)|~\/)`;

export const localInput: Rule = {
  name: "nix/local-input",
  about: "a local path is given as a flake input",
  explain:
    "A path input works on one machine and hides what it holds from the lock. Give the input a URL that the policy allows. `src = ./.` is no input.",
  examples: {
    bad: '```nix\ninputs.config.url = "./target/generated-flake";\n```',
    good: '```nix\ninputs.config.url = "github:example/config?ref=feature/CRQ-016-nixify";\n```',
  },
  levels: levels("W E E"),
  *check({ document }) {
    const quoted = new RegExp(String.raw`\burl\s*=\s*"(${LOCAL}[^"]*)"`, "g");
    const bare = /\burl\s*=\s*(\.{1,2}\/[^\s;"]*)/g;
    const typed = /\btype\s*=\s*"path"\s*;\s*path\s*=\s*"?([^\s";]+)/g;
    const reference = /^`+\s*((?:path:|git\+file:)\S+?)\s*`+$/g;
    const found = [
      ...hits(document, quoted, ["fence", "code"]),
      ...hits(document, bare, ["fence", "code"]),
      ...hits(document, typed, ["fence", "code"]),
      ...hits(document, reference, ["code"]),
    ].filter(({ span }) => span.kind === "code" || span.lang === "nix");
    for (const { groups, place } of found) yield { place, message: `\`${groups[0]}\` is a local path; inputs need a URL` };
  },
};

/** Commands are read in code spans and in fences of a shell or of no language; what is said to be corrected may be quoted. */
function commandHits(input: RuleInput, pattern: RegExp): Hit[] {
  const { source } = input.document.crq;
  const isCorrected = ({ section, block }: Span): boolean =>
    section === "Clarifications" && /^Corrected:/.test(source.slice(block.start, block.end));
  return hits(input.document, pattern, ["code", "fence"]).filter(
    ({ span }) =>
      (span.kind === "code" || ["sh", "bash", "zsh", "shell", "console", "text", undefined].includes(span.lang)) &&
      !isCorrected(span),
  );
}

const OPTIONS = String.raw`((?:[ \t]+--?[\w-]+)*)[ \t]+`;
/** A flake reference with an attribute: what stands before `#` and what behind it. */
const REFERENCE = String.raw`["']?([^\s"'\x60#]*)#([\w$][\w\${}.-]*)["']?`;
const FLAKE_CHECK = new RegExp(String.raw`\bnix flake check${OPTIONS}${REFERENCE}`, "g");
/** `.#checks.x`: one name behind an output that has one set a system. `.#checks.SYSTEM.x` has two. */
const NO_SYSTEM =
  /\b(nix (?:build|run|develop|shell)(?:[ \t]+--?[\w-]+)*[ \t]+["']?\.?#)(checks|packages|devShells|apps)\.(?![a-z0-9_]+-(?:linux|darwin)\b)([\w-]+)(?![\w.-])/g;
const UPDATE_INPUT = /\b(?:nix flake lock((?:[ \t]+--update-input[ \t]+[\w-]+)+)(?=[ \t]*(?:$|[\n\r`#;&|])))|--update-input\b/gm;

export const malformedCommand: Rule = {
  name: "nix/malformed-command",
  about: "a Nix command that Nix rejects",
  explain:
    "`nix flake check` takes no attribute, and `checks` needs a system: `nix build .#checks.x86_64-linux.NAME`. `--fix` writes that form with the " +
    "first system of the target. `--update-input` is the old form of `nix flake update NAME`. An item `Corrected: …` of section 10 may quote the wrong form.",
  examples: { bad: "`nix flake check .#workspace`", good: "`nix build .#checks.x86_64-linux.workspace`" },
  levels: levels("W E E"),
  fixes: true,
  *check(input) {
    const { document, context } = input;
    const system = document.crq.metadata?.target?.systems[0] ?? context.systems?.[0];
    const write = ({ start, text: old }: Hit, text: string | undefined): Pick<Finding, "fix"> =>
      text === undefined
        ? {}
        : {
            fix: {
              description: `write \`${text}\``,
              edits: [{ file: document.crq.path, start, end: start + old.length, text }],
            },
          };
    for (const hit of commandHits(input, FLAKE_CHECK)) {
      const [options = "", flake = "", path = ""] = hit.groups;
      const attribute = path.replace(/^checks\.(?:[a-z0-9_]+-(?:linux|darwin)\.|\$\{?\w+\}?\.)?/, "");
      const message = `\`${hit.text}\`: \`nix flake check\` takes a flake, no attribute; one check is \`nix build ${flake}#checks.SYSTEM.${attribute}\``;
      const isPlain = options === "" && /^[\w.-]+$/.test(attribute) && !/["']/.test(hit.text);
      yield {
        place: hit.place,
        message,
        ...write(hit, isPlain && system !== undefined ? `nix build ${flake}#checks.${system}.${attribute}` : undefined),
      };
    }
    for (const hit of commandHits(input, NO_SYSTEM)) {
      const [command = "", output = "", attribute = ""] = hit.groups;
      yield {
        place: hit.place,
        message: `\`${hit.text}\` lacks the system: \`.#${output}.SYSTEM.${attribute}\``,
        ...write(hit, system === undefined ? undefined : `${command}${output}.${system}.${attribute}`),
      };
    }
    for (const hit of commandHits(input, UPDATE_INPUT)) {
      const names = [...(hit.groups[0] ?? "").matchAll(/--update-input[ \t]+([\w-]+)/g)].flatMap(([, name]) => name ?? []);
      const at = document.lines.placeAt(hit.start + hit.text.indexOf("--update-input"));
      yield {
        place: at,
        message: "`--update-input` is the old form; write `nix flake update NAME`",
        level: "info",
        ...write(hit, names.length === 0 ? undefined : `nix flake update ${names.join(" ")}`),
      };
    }
  },
};

export const snippetDoesNotParse: Rule = {
  name: "nix/snippet-does-not-parse",
  about: "a `nix` fence does not parse",
  explain:
    "Readers copy snippets, and models too. A fence holds an expression, or bindings as they stand between braces (`inputs.a.url = …;`). " +
    "Correct it, or mark what is no Nix on its own as `text`. Without Nix it is not checked, and the report says so.",
  examples: { bad: "```nix\nbuildPhase = '''\n  make\n''';\n```", good: "```nix\nbuildPhase = ''\n  make\n'';\n```" },
  levels: levels("W W E"),
  needs: "nixProblems",
  *check({ document, context }) {
    for (const { text, place, placeOf } of nixSnippets(document)) {
      const problem = context.nixProblems?.get(text);
      if (problem === undefined) continue;
      const { message, line, column } = problem;
      yield {
        place: line === undefined ? place : placeOf(line, column ?? 1),
        message: `this snippet does not parse: ${message.split("\n")[0] ?? message}`,
      };
    }
  },
};

/** What holds a backslash is an expression of some tool that edits addresses, no address. */
const FLAKE_URL =
  /\b(?:github|gitlab|sourcehut|git\+https?|git\+ssh|tarball\+https?):[^\s`"'<>;)\]},\\]+(?![^\s`"'<>;)\]},]*\\)/g;
/** `nixpkgs/nixos-24.05`: a name that a registry resolves. */
const REGISTRY_URL = /\burl\s*=\s*"([A-Za-z][\w-]*(?:\/[\w.-]+){0,2})"/g;

export const offPolicyInput: Rule = {
  name: "nix/off-policy-input",
  about: "an input that the project's policy does not allow, or that is used without being declared",
  explain:
    "The policy of `crq-agent.toml` names the organisation and the branches inputs come from; `crq-agent vendor` rewrites them. An argument of `outputs` that " +
    "`inputs` does not declare is asked of a registry, so it is another thing on another machine.",
  examples: {
    bad: "```nix\n{\n  outputs = { self, nixpkgs }: { };\n}\n```",
    good: '```nix\n{\n  inputs.nixpkgs.url = "github:example/nixpkgs?ref=feature/CRQ-016-nixify";\n  outputs = { self, nixpkgs }: { };\n}\n```',
  },
  levels: levels("i W W"),
  needs: "policy",
  *check({ document, context }) {
    for (const { text, placeOf } of nixSnippets(document)) {
      for (const { name, offset } of context.undeclaredInputs?.(text) ?? []) {
        const before = text.slice(0, offset).split(/\r\n|\n|\r/);
        yield {
          place: placeOf(before.length, (before.at(-1)?.length ?? 0) + 1),
          message: `\`outputs\` takes \`${name}\`, which \`inputs\` does not declare; Nix would ask a registry for it`,
        };
      }
    }
    if (context.policy === undefined) return;
    const found = [
      ...hits(document, FLAKE_URL, ["code", "fence"]).map((hit) => ({ ...hit, url: hit.text.replace(/[.,:]+$/, "") })),
      ...hits(document, REGISTRY_URL, ["code", "fence"])
        .filter(({ span }) => span.kind === "code" || span.lang === "nix")
        .map((hit) => ({ ...hit, url: hit.groups[0] ?? "" })),
    ];
    for (const { url, place, span } of found) {
      if (isMetadata(span) || (span.kind === "fence" && span.lang === "toml")) continue;
      const reason = context.policy(url);
      if (reason !== undefined) yield { place, message: `\`${url}\`: ${reason}` };
    }
  },
};

export const unknownCrqRef: Rule = {
  name: "nix/unknown-crq-ref",
  about: "a flake ref names a CRQ that is neither in the index nor in `forks`",
  explain:
    "`?ref=feature/CRQ-NNN-…` is the branch of a change. Name one that exists here, or let a person add the branch to `[policy.inputs.forks]` of crq-agent.toml. " +
    "Each number is reported once; quotes of facts are not judged.",
  levels: levels("i W W"),
  needs: "catalogue",
  acrossDocuments: true,
  *check({ document, context }) {
    if (context.catalogue === undefined) return;
    const own = document.crq.metadata?.id ?? document.crq.title?.id;
    const forks = new Set((context.forkRefs ?? []).flatMap((ref) => numbersIn(ref).numbers));
    const isKnown = (number: number): boolean => {
      const id = formatId(number);
      return (own !== undefined && isSameId(own, id)) || forks.has(number) || withId(context.catalogue, id).length > 0;
    };
    const seen = new Set<number>();
    const refs = hits(document, /\bref=(?:refs\/heads\/)?feature(?:\/|%2[fF])[Cc][Rr][Qq]-\d+[\w-]*/g, [
      "code",
      "fence",
      "prose",
      "link",
    ]);
    for (const { text, place, span } of refs) {
      const [number] = numbersIn(text.replace(/%2f/i, "/")).numbers;
      if (number === undefined || seen.has(number) || isKnown(number) || isFacts(span)) continue;
      seen.add(number);
      yield {
        place,
        message: `\`${text}\` names ${formatId(number)}, which is no CRQ of this repository and no branch of \`[policy.inputs.forks]\`; correct it, or leave it where that branch exists elsewhere`,
      };
    }
  },
};

/** Outputs of a flake that have one attribute set a system. */
const PER_SYSTEM = ["packages", "checks", "devShells", "apps", "legacyPackages", "formatter", "bundlers"];

export const systemMissing: Rule = {
  name: "nix/system-missing",
  about: "an attribute without `${system}`, or with a system that the target does not have",
  explain:
    "`packages.greet` is no attribute of a flake: it is `packages.SYSTEM.greet`. Write `${system}`, which stands for each system the check runs for.",
  levels: levels("- W W"),
  *check(input) {
    const systems = input.document.crq.metadata?.target?.systems;
    for (const { criterion, block } of livingItems(input)) {
      for (const [index, check] of criterion.checks.entries()) {
        const at = (...key: (string | number)[]) =>
          block?.placeOf([...(block.data?.check === undefined ? [] : ["check", index]), ...key]) ?? criterion.place;
        for (const [number, system] of (check.systems ?? []).entries()) {
          if (systems === undefined || systems.includes(system)) continue;
          yield {
            place: at("systems", number),
            message: `the check is for ${system}, the target's systems are ${systems.join(", ")}`,
          };
        }
        for (const { key, attribute } of attributesOf(check)) {
          const [output = "", system = ""] = attribute.split(".");
          if (!PER_SYSTEM.includes(output) || system === "${system}") continue;
          const place = at(...key);
          const isSystem = /^[a-z0-9_]+-(?:linux|darwin|windows|freebsd|none)$/.test(system.replaceAll('"', ""));
          if (!isSystem)
            yield {
              place,
              message: `\`${attribute}\` lacks the system; write \`${output}.\${system}${attribute.slice(output.length)}\``,
            };
          else if (systems !== undefined && !systems.includes(system.replaceAll('"', ""))) {
            yield { place, message: `\`${attribute}\` is for ${system}, the target's systems are ${systems.join(", ")}` };
          }
        }
      }
    }
  },
};

function attributesOf(check: Check): { key: (string | number)[]; attribute: string }[] {
  switch (check.kind) {
    case "nix-build":
      return [{ key: ["attr"], attribute: check.attr }];
    case "nix-eval":
      return check.attr === undefined ? [] : [{ key: ["attr"], attribute: check.attr }];
    default:
      // `flake-outputs` fills the systems in itself: it requires an attribute for each of them.
      return [];
  }
}

export const nixRules: readonly Rule[] = [
  localInput,
  malformedCommand,
  snippetDoesNotParse,
  offPolicyInput,
  unknownCrqRef,
  systemMissing,
];
