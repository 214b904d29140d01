import { quoted } from "../../../ui/shell-word.ts";
import { type VerbFacts, verbName } from "../verb-facts.ts";
import { type Words, wordsOfArguments, wordsOfOption } from "./words.ts";

/**
 * Works in bash 3.2, without the package bash-completion. Words are compared and never handed to `compgen -W`, which expands what it gets.
 */
export function bashScript(verbs: readonly VerbFacts[]): string {
  const paths = verbs.filter(({ path }) => path.length > 0).map((verb) => quoted(verbName(verb)));
  const values = verbs.flatMap((verb) =>
    verb.options
      .filter(({ value }) => value !== undefined)
      .map((option) => `    ${quoted(`${verbName(verb)}:${option.long}`)}) ${offer(wordsOfOption(option))}; return ;;`),
  );
  const rows = verbs.map((verb) => {
    const options = verb.options.flatMap(({ long, short }) => [long, ...(short === undefined ? [] : [short])]);
    return `    ${quoted(verbName(verb))}) options=${quoted(options.join(" "))}; _crq_agent_arguments() { ${offer(wordsOfArguments(verb, verbs))}; } ;;`;
  });
  return `# crq-agent completion bash: put it into ~/.local/share/bash-completion/completions/crq-agent, or source it
_crq_agent_words() { local word; for word in "$@"; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done; }
_crq_agent_names() {
  local word
  while IFS= read -r word; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done < <(crq-agent __complete "$1" "$repo" 2>/dev/null)
}
_crq_agent_paths() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}
_crq_agent() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb='' repo=. options='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -- ]] && { _crq_agent_paths -f; return; }
    [[ \${COMP_WORDS[i]} == --repo ]] && repo=\${COMP_WORDS[i+1]:-.}
    case "\${verb:+$verb }\${COMP_WORDS[i]}" in
      ${paths.join("|")}) verb="\${verb:+$verb }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$verb:$prev" in
${values.join("\n")}
  esac
  case "$verb" in
${rows.join("\n")}
  esac
  if [[ $cur == -* ]]; then _crq_agent_words $options; else _crq_agent_arguments; fi
}
complete -F _crq_agent crq-agent
`;
}

function offer(words: Words): string {
  switch (words.kind) {
    case "words":
      return `_crq_agent_words ${words.words.map(quoted).join(" ")}`;
    case "names":
      return `_crq_agent_names ${words.of}`;
    case "files":
      return "_crq_agent_paths -f";
    case "folders":
      return "_crq_agent_paths -d";
    case "nothing":
      return ":";
  }
}
