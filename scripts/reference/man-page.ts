import { TOPICS } from "../../src/commands/guidance/topics.ts";
import { verbName } from "../../src/commands/guidance/verb-facts.ts";
import { VERB_NOTES } from "../../src/commands/guidance/verb-notes.ts";
import { EXIT_CODES } from "../../src/system/errors/exit-codes.ts";
import { aboutOf, FACTS } from "./verbs.ts";

/** docs/reference/crq-agent.1: the manual page, in the macros of mdoc(7). */
export function manPage(): string {
  const [program, ...verbs] = FACTS;
  const lines = [
    '.\\" Made from the code by `node scripts/reference.ts`; edits here are lost.',
    // No date of the day: the page is the same for the same program.
    ".Dd $Mdocdate$",
    ".Dt CRQ-AGENT 1",
    ".Os",
    ".Sh NAME",
    ".Nm crq-agent",
    ".Nd change a repository until real Nix runs prove every criterion",
    ".Sh SYNOPSIS",
    ".Nm",
    ".Ar verb",
    ".Op Ar option ...",
    ".Op Ar argument ...",
    ".Sh DESCRIPTION",
    text(program?.about ?? ""),
    ".Pp",
    text("Every verb takes --help, and crq-agent help TOPIC prints a page of the documentation; see TOPICS."),
    ".Sh VERBS",
    ...verbs
      .filter(({ verbs }) => verbs.length === 0)
      .flatMap((verb) => [
        `.Ss ${text(`crq-agent ${verbName(verb)}`)}`,
        text(`${verb.about}.`),
        ".Pp",
        `.D1 ${text(verb.usage)}`,
        ".Bl -tag -width Ds",
        ...verb.arguments.flatMap(({ name, about }) => [`.It Ar ${text(name)}`, text(about || name)]),
        ...verb.options.flatMap((option) => [`.It ${text(option.flags)}`, text(aboutOf(option) || option.long)]),
        ".El",
      ]),
    ".Sh TOPICS",
    ".Bl -tag -width Ds",
    ...TOPICS.flatMap(({ name, about }) => [`.It ${text(name)}`, text(about)]),
    ".El",
    ".Sh ENVIRONMENT",
    ".Bl -tag -width Ds",
    ...ENVIRONMENT.flatMap(([name, about]) => [`.It Ev ${text(name)}`, text(about)]),
    ".El",
    ".Sh FILES",
    ".Bl -tag -width Ds",
    ...FILES.flatMap(([name, about]) => [`.It Pa ${text(name)}`, text(about)]),
    ".El",
    ".Sh EXIT STATUS",
    ".Bl -tag -width Ds",
    ...Object.entries(EXIT_CODES).flatMap(([exit, about]) => [`.It ${exit}`, text(about)]),
    ".El",
    ".Sh EXAMPLES",
    ".Bd -literal",
    ...["draft", "approve", "apply", "verify"].flatMap((verb) => (VERB_NOTES.get(verb)?.examples ?? []).slice(0, 1).map(text)),
    ".Ed",
    ".Sh SEE ALSO",
    ".Xr git 1 ,",
    ".Xr nix 1",
  ];
  return `${lines.join("\n")}\n`;
}

const ENVIRONMENT = [
  ["OPENAI_API_KEY", "key of openai models; never written anywhere"],
  ["ANTHROPIC_API_KEY", "key of anthropic models; never written anywhere"],
  ["CRQ_AGENT_KEY_ALIAS", "key of the server of [models.ALIAS]"],
  ["CRQ_AGENT_DEBUG", "show where an internal error came from"],
  ["XDG_CACHE_HOME, XDG_STATE_HOME", "where private copies and sessions lie"],
  ["PAGER", "shows longer help on a terminal"],
] as const;

const FILES = [
  ["crq-agent.toml", "settings of a repository; see crq-agent help config"],
  ["crqs/", "its change requests"],
  ["~/.cache/crq-agent", "private copies, caches, stores of worlds"],
  ["~/.local/state/crq-agent", "sessions, approvals, baselines"],
] as const;

/** Of roff: no line begins with a control character, a backslash is none, and a hyphen stays one when it is copied. */
const text = (line: string): string =>
  line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/u, "\\&");
