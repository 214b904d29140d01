import { type VerbFacts, verbName } from "../verb-facts.ts";
import { type Words, wordsOfArguments, wordsOfOption } from "./words.ts";

/** For ~/.config/fish/completions/crq-agent.fish. */
export function fishScript(verbs: readonly VerbFacts[]): string {
  const abouts = new Map(verbs.map((verb) => [verbName(verb), verb.about]));
  const paths = verbs.filter(({ path }) => path.length > 0).map((verb) => fishQuoted(verbName(verb)));
  const lines = verbs.flatMap((verb) => {
    const at = `complete -c crq-agent -n ${fishQuoted(`__crq_agent_at ${fishQuoted(verbName(verb))}`)}`;
    const rest = wordsOfArguments(verb, verbs);
    return [
      ...(verb.verbs.length > 0
        ? verb.verbs.map(
            (child) => `${at} -f -a ${fishQuoted(child)} -d ${fishQuoted(abouts.get([...verb.path, child].join(" ")) ?? "")}`,
          )
        : [`${at}${offer(rest)}`]),
      ...verb.options.map(({ long, short, about, ...option }) =>
        [
          `${at} -l ${long.replace(/^--/u, "")}`,
          ...(short === undefined ? [] : [`-s ${short.replace(/^-/u, "")}`]),
          `-d ${fishQuoted(about)}`,
          ...(option.value === undefined ? [] : [`-r${offer(wordsOfOption({ long, short, about, ...option }))}`]),
        ].join(" "),
      ),
    ];
  });
  return `# crq-agent completion fish: put it into ~/.config/fish/completions/crq-agent.fish
function __crq_agent_at
  set -l verb ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$verb $word")
    contains -- "$longer" ${paths.join(" ")}; and set verb "$longer"
  end
  test "$verb" = "$argv[1]"
end
function __crq_agent_names
  set -l words (commandline -opc)
  set -l repo .
  set -l at (contains -i -- --repo $words); and set repo $words[(math $at + 1)]
  crq-agent __complete $argv[1] $repo 2>/dev/null
end
${lines.join("\n")}
`;
}

/** Single quotes of fish know two escapes. */
const fishQuoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function offer(words: Words): string {
  switch (words.kind) {
    case "words":
      return ` -f -a ${fishQuoted(words.words.join(" "))}`;
    case "names":
      return ` -f -a '(__crq_agent_names ${words.of})'`;
    case "files":
      return " -F";
    case "folders":
      return " -f -a '(__fish_complete_directories)'";
    case "nothing":
      return " -f";
  }
}
