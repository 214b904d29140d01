import remarkParse from "remark-parse";
import { unified } from "unified";

/** The fences of a guide that are run, each right after its marker `<!-- run: FIXTURE -->` (`<!-- run slow: FIXTURE -->`, `<!-- run: FIXTURE with cc make -->`). */

export interface RunFence {
  /** Folder below `test/docs/fixtures/`. */
  readonly fixture: string;
  /** It belongs to the suites that take minutes. */
  readonly slow: boolean;
  /** Tools that the machine itself must have. */
  readonly needs: readonly string[];
  readonly commands: readonly ShownCommand[];
}

export interface ShownCommand {
  /** Without the prompt. */
  readonly text: string;
  /** 1-based line of the guide. */
  readonly line: number;
  /** The lines that the guide shows below it. */
  readonly expected: readonly string[];
}

const MARKER =
  /^<!--\s*run(?<slow>\s+slow)?:\s*(?<fixture>[a-z0-9][a-z0-9-]*)(?:\s+with(?<needs>(?:\s+[a-z0-9][a-z0-9-]*)+))?\s*-->$/;
/** What looks like a marker and is none would leave a fence out in silence. */
const LOOKS_LIKE_MARKER = /^<!--\s*run\b/;
const PROMPT = "$ ";

/** @throws where a marker stands before something else than a console fence, or a fence begins without a command */
export function runFences(markdown: string): readonly RunFence[] {
  const { children } = unified().use(remarkParse).parse(markdown);
  return children.flatMap((node, index): RunFence[] => {
    if (node.type !== "html" || !LOOKS_LIKE_MARKER.test(node.value)) return [];
    const line = node.position?.start.line ?? 0;
    const { fixture, slow, needs = "" } = MARKER.exec(node.value.trim())?.groups ?? {};
    if (fixture === undefined) throw new Error(`line ${line}: ${node.value} is no marker; write <!-- run: FIXTURE -->`);
    const next = children[index + 1];
    if (next?.type !== "code" || next.lang !== "console")
      throw new Error(`line ${line}: no \`\`\`console fence follows the marker`);
    return [
      {
        fixture,
        slow: slow !== undefined,
        needs: needs.split(/\s+/).filter((name) => name !== ""),
        commands: commandsOf(next.value, (next.position?.start.line ?? 0) + 1),
      },
    ];
  });
}

function commandsOf(code: string, firstLine: number): readonly ShownCommand[] {
  const commands: { text: string; line: number; expected: string[] }[] = [];
  for (const [index, row] of code.split("\n").entries()) {
    const last = commands.at(-1);
    if (row.startsWith(PROMPT)) commands.push({ text: row.slice(PROMPT.length).trim(), line: firstLine + index, expected: [] });
    else if (last) last.expected.push(row);
    else throw new Error(`line ${firstLine + index}: a console fence begins with a command ("$ …"), not with output`);
  }
  return commands;
}

/** One simple command. */
export interface Part {
  readonly words: readonly string[];
  /** Files that its input comes from and its output goes to. */
  readonly stdin?: string;
  readonly stdout?: string;
}

/** The parts between `&&`: words, of which quotes make one, and `<` and `>` before a file; `#` after a blank begins a comment. */
export function partsOf(text: string): readonly Part[] {
  const parts: { words: string[]; stdin?: string; stdout?: string }[] = [{ words: [] }];
  const token = /\s*(?:(?<comment>#.*)|(?<and>&&)|(?<redirection>[<>])|(?<word>(?:'[^']*'|"[^"\\$`]*"|[^\s'"\\$`|&;<>])+)|$)/gy;
  let redirection: string | undefined;
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const groups = token.exec(text)?.groups;
    if (!groups) throw new Error(`"${text}": only words, quotes, &&, < and > are run here, not ${text.slice(from).trim()}`);
    const part = parts.at(-1);
    if (groups.and !== undefined) parts.push({ words: [] });
    else if (groups.redirection !== undefined) ({ redirection } = groups);
    else if (groups.word !== undefined && part) {
      const word = groups.word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2");
      if (redirection === "<") part.stdin = word;
      else if (redirection === ">") part.stdout = word;
      else part.words.push(word);
      redirection = undefined;
    }
  }
  return parts.filter(({ words }) => words.length > 0);
}
