import { buildProgram } from "../../src/cli.ts";
import { type OptionFacts, type VerbFacts, verbFacts, verbName } from "../../src/commands/guidance/verb-facts.ts";
import { VERB_NOTES } from "../../src/commands/guidance/verb-notes.ts";
import { EXIT_CODES } from "../../src/system/errors/exit-codes.ts";
import { MADE } from "./made.ts";

export const FACTS: readonly VerbFacts[] = verbFacts(buildProgram(new AbortController().signal));

/** Every verb may end with these. */
const ALWAYS = [0, 2, 3, 130];

const fileOf = (verb: VerbFacts): string => `${verb.path.join("-")}.md`;

/** docs/reference/verbs/: one page a verb, and an index. */
export function verbPages(): Readonly<Record<string, string>> {
  const verbs = FACTS.filter(({ path }) => path.length > 0);
  return {
    "verbs/README.md": index(verbs),
    ...Object.fromEntries(verbs.map((verb) => [`verbs/${fileOf(verb)}`, page(verb)])),
  };
}

function index(verbs: readonly VerbFacts[]): string {
  const groups = Map.groupBy(verbs, ({ group }) => group);
  const sections = [...groups].map(([group, members]) => {
    const rows = members.map((verb) => `| [\`${verbName(verb)}\`](${fileOf(verb)}) | ${cell(verb.about)} |`);
    return `## ${group.replace(/:$/u, "") || "More"}\n\n| verb | |\n|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Verbs\n\n${MADE} \`crq-agent VERB --help\` prints the same in short.\n\n${sections.join("\n")}`;
}

function page(verb: VerbFacts): string {
  const name = verbName(verb);
  const notes = VERB_NOTES.get(name);
  const exits = [...ALWAYS, ...(notes?.exits ?? [])].sort((a, b) => a - b);
  const parts = [
    `# crq-agent ${name}`,
    `${sentence(verb.about)} ${MADE}`,
    `\`\`\`text\n${verb.usage}\n\`\`\``,
    ...(verb.verbs.length > 0
      ? [`## Verbs\n\n${verb.verbs.map((child) => `- [\`${name} ${child}\`](${verb.path.join("-")}-${child}.md)`).join("\n")}`]
      : []),
    ...(verb.arguments.length > 0
      ? [
          `## Arguments\n\n| argument | |\n|---|---|\n${verb.arguments
            .map(
              ({ name, about, required, variadic, fallback }) =>
                `| \`${name}${variadic ? "…" : ""}\`${required ? "" : " (optional)"} | ${cell(about)}${fallback === undefined ? "" : ` (default: \`${fallback}\`)`} |`,
            )
            .join("\n")}`,
        ]
      : []),
    `## Options\n\n| option | |\n|---|---|\n${verb.options.map((option) => `| \`${option.flags.replaceAll("|", "\\|")}\` | ${cell(aboutOf(option))} |`).join("\n")}`,
    ...(notes ? [`## Examples\n\n\`\`\`sh\n${notes.examples.join("\n")}\n\`\`\``] : []),
    ...(verb.verbs.length === 0
      ? [
          `## Exit codes\n\n| code | |\n|---|---|\n${exits.map((exit) => `| ${exit} | ${cell(EXIT_CODES[exit as keyof typeof EXIT_CODES])} |`).join("\n")}`,
        ]
      : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function aboutOf({ about, choices, fallback, required }: OptionFacts): string {
  return [
    about,
    ...(choices.length > 0 ? [`(${choices.join(", ")})`] : []),
    ...(fallback === undefined ? [] : [`(default: ${fallback})`]),
    ...(required ? ["(required)"] : []),
  ].join(" ");
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/u, ".");
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
