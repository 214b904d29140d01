// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import type { Check } from "../../checks.ts";
import { numberOf, refsIn } from "../../ids.ts";
import { type Finding, levels, type Rule, type RuleInput } from "../rule.ts";
import { type Hit, hits, isMetadata, nixSnippets } from "../spans.ts";
import { livingItems } from "./acceptance/criteria.ts";

const LOCAL = String.raw`(?:path:|git\+file:|file:|\.{1,2}\/|\/(?!\/)|~\/)`;

export const localInput: Rule = {
  name: "nix/local-input",
  about: "a local path is given as a flake input",
  explain:
    "A path input works on one machine and hides what it holds from the lock. Give the input a URL that the policy allows. `src = ./.` is no input.",
  levels: levels("W E E"),
  *check({ document }) {
    const quoted = new RegExp(String.raw`\burl\s*=\s*"(${LOCAL}[^"]*)"`, "g");
    const bare = /\burl\s*=\s*(\.{1,2}\/[^\s;"]*)/g;
    const reference = /^`+\s*((?:path:|git\+file:)\S+?)\s*`+$/g;
    const found = [
      ...hits(document, quoted, ["fence", "code"]),
      ...hits(document, bare, ["fence", "code"]),
      ...hits(document, reference, ["code"]),
    ].filter(({ span }) => span.kind === "code" || span.lang === "nix");
    for (const { groups, place } of found) yield { place, message: `\`${groups[0]}\` is a local path; inputs need a URL` };
  },
};

/** Commands are read in code spans and in fences of a shell or of no language. */
function commandHits(input: RuleInput, pattern: RegExp): Hit[] {
  return hits(input.document, pattern, ["code", "fence"]).filter(
    ({ span }) => span.kind === "code" || ["sh", "bash", "shell", "console", "text", undefined].includes(span.lang),
  );
}

export const malformedCommand: Rule = {
  name: "nix/malformed-command",
  about: "a Nix command that Nix rejects",
  explain:
    "`nix flake check` takes no attribute, and `checks` needs a system: `nix build .#checks.x86_64-linux.NAME`. `--fix` writes that form with the " +
    "first system of the target. `--update-input` is the old form of `nix flake update NAME`.",
  levels: levels("W E E"),
  fixes: true,
  *check(input) {
    const { document, context } = input;
    const system = document.crq.metadata?.target?.systems[0] ?? context.systems?.[0];
    const fix = (hit: Hit, attribute: string): Pick<Finding, "fix"> => {
      if (system === undefined) return {};
      const text = `nix build .#checks.${system}.${attribute}`;
      const edits = [{ file: document.crq.path, start: hit.start, end: hit.start + hit.text.length, text }];
      return { fix: { description: `write \`${text}\``, edits } };
    };
    for (const hit of commandHits(input, /\bnix flake check \.?#((?:checks\.)?[\w-]+(?:\.[\w-]+)*)/g)) {
      const attribute = (hit.groups[0] ?? "").replace(/^checks\.(?:[a-z0-9_]+-(?:linux|darwin)\.)?/, "");
      const message = `\`${hit.text}\`: \`nix flake check\` takes a flake, no attribute; one check is \`nix build .#checks.SYSTEM.${attribute}\``;
      yield { place: hit.place, message, ...fix(hit, attribute) };
    }
    for (const hit of commandHits(input, /\bnix build \.?#checks\.(?![a-z0-9_]+-(?:linux|darwin)\b)([\w-]+)(?![\w.-])/g)) {
      const attribute = hit.groups[0] ?? "";
      yield {
        place: hit.place,
        message: `\`${hit.text}\` lacks the system: \`.#checks.SYSTEM.${attribute}\``,
        ...fix(hit, attribute),
      };
    }
    for (const { place } of commandHits(input, /--update-input\b/g)) {
      yield { place, message: "`--update-input` is the old form; write `nix flake update NAME`", level: "info" };
    }
  },
};

export const snippetDoesNotParse: Rule = {
  name: "nix/snippet-does-not-parse",
  about: "a `nix` fence does not parse",
  explain: "Readers copy snippets, and models too. Correct it, or mark a fragment that is not meant to stand alone as `text`.",
  levels: levels("W W E"),
  *check({ document, context }) {
    for (const { text, place } of nixSnippets(document)) {
      const problem = context.nixProblems?.get(text);
      if (problem !== undefined) yield { place, message: `this snippet does not parse: ${problem.split("\n")[0] ?? problem}` };
    }
  },
};

const FLAKE_URL = /\b(?:github|gitlab|sourcehut|git\+https?|git\+ssh|tarball\+https?):[^\s`"'<>;)\]},]+/g;

export const offPolicyInput: Rule = {
  name: "nix/off-policy-input",
  about: "an input URL that the project's policy does not allow",
  explain:
    "The policy of `crq-agent.toml` names the organisation and the branches inputs come from. `crq-agent vendor` rewrites them.",
  levels: levels("i W W"),
  *check({ document, context }) {
    if (context.policy === undefined) return;
    for (const { text, place, span } of hits(document, FLAKE_URL, ["code", "fence"])) {
      if (isMetadata(span) || (span.kind === "fence" && span.lang === "toml")) continue;
      const reason = context.policy(text);
      if (reason !== undefined) yield { place, message: `\`${text}\`: ${reason}` };
    }
  },
};

export const unknownCrqRef: Rule = {
  name: "nix/unknown-crq-ref",
  about: "a flake ref names a CRQ that is neither in the index nor in `forks`",
  explain:
    "`?ref=feature/CRQ-NNN-…` is the branch of a change. Name one that exists, or add the branch to `[policy.inputs.forks]`.",
  levels: levels("i W W"),
  *check({ document, context }) {
    if (context.catalogue === undefined) return;
    const known = new Set([
      ...context.catalogue.entries.flatMap(({ id }) => (id === undefined ? [] : [numberOf(id)])),
      ...(context.forkRefs ?? []).flatMap((ref) => refsIn(`ref=${ref}`).map(numberOf)),
    ]);
    for (const { text, place } of hits(document, /\bref=(?:refs\/heads\/)?feature(?:\/|%2[fF])[Cc][Rr][Qq]-\d+[\w-]*/g, [
      "code",
      "fence",
      "prose",
      "link",
    ])) {
      const id = refsIn(text)[0] ?? "";
      if (!known.has(numberOf(id)))
        yield { place, message: `\`${text}\` names ${id}, which is neither in the index nor in \`forks\`` };
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
        for (const { key, attribute } of attributesOf(check)) {
          const [output = "", system = ""] = attribute.split(".");
          if (!PER_SYSTEM.includes(output) || system === "${system}") continue;
          const place = block?.placeOf([...(block.data?.check === undefined ? [] : ["check", index]), ...key]) ?? criterion.place;
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
