import { quoted } from "../../../ui/shell-word.ts";
import { type VerbFacts, verbName } from "../verb-facts.ts";
import { type Words, wordsOfArguments, wordsOfOption } from "./words.ts";

/** For a folder of `fpath`, under the name `_crq-agent`; it may be sourced after compinit, too. */
export function zshScript(verbs: readonly VerbFacts[]): string {
  const abouts = new Map(verbs.map((verb) => [verbName(verb), verb.about]));
  const paths = verbs.filter(({ path }) => path.length > 0).map((verb) => quoted(verbName(verb)));
  const values = verbs.flatMap((verb) =>
    verb.options
      .filter(({ value }) => value !== undefined)
      .map((option) => `    (${quoted(`${verbName(verb)}:${option.long}`)}) ${offer(wordsOfOption(option))}; return ;;`),
  );
  const rows = verbs.map((verb) => {
    const options = verb.options.map(({ long, about }) => described(long, about));
    const below = verb.verbs.map((child) => described(child, abouts.get([...verb.path, child].join(" ")) ?? ""));
    const rest = below.length > 0 ? `found=(${below.join(" ")}); _describe verb found` : offer(wordsOfArguments(verb, verbs));
    return `    (${quoted(verbName(verb))})\n      if [[ $cur == -* ]]; then found=(${options.join(" ")}); _describe option found; else ${rest}; fi ;;`;
  });
  return `#compdef crq-agent
_crq_agent() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} verb= repo=. i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    [[ \${words[i]} == -- ]] && { _files; return; }
    [[ \${words[i]} == --repo ]] && repo=\${words[i+1]:-.}
    case "\${verb:+$verb }\${words[i]}" in
      (${paths.join("|")}) verb="\${verb:+$verb }\${words[i]}" ;;
    esac
  done
  case "$verb:$prev" in
${values.join("\n")}
  esac
  case "$verb" in
${rows.join("\n")}
  esac
}
if [[ \${funcstack[1]} == _crq-agent ]]; then _crq_agent "$@"; else compdef _crq_agent crq-agent; fi
`;
}

/** Its own colons are escaped: the first plain one begins the description. */
const described = (name: string, about: string): string => quoted(`${name.replaceAll(":", "\\:")}:${about}`);

function offer(words: Words): string {
  switch (words.kind) {
    case "words":
      return `compadd -- ${words.words.map(quoted).join(" ")}`;
    case "names":
      return `found=("\${(@f)$(crq-agent __complete ${words.of} "$repo" 2>/dev/null)}"); compadd -- \${found:#}`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "nothing":
      return ":";
  }
}
