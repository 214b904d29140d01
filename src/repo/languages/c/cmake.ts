/** Commands of a CMakeLists.txt, read and never run. Conditions and functions are not followed. */

export interface CMakeCommand {
  /** In lower case: CMake does not tell them apart. */
  readonly name: string;
  readonly words: readonly string[];
  readonly line: number;
}

/** Names that `set(NAME VALUE)` and `project(NAME)` gave are put in; others keep their dollar. */
export function readCMake(text: string): readonly CMakeCommand[] {
  const clean = text.replace(/#\[(=*)\[[\s\S]*?\]\1\]/g, (comment) => comment.replace(/[^\n]/g, " ")).replace(/#[^\n]*/g, "");
  const values = new Map<string, string>();
  const put = (word: string): string => word.replace(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
  const commands: CMakeCommand[] = [];
  for (const match of clean.matchAll(
    /(?<=^|\n|\))[ \t]*(?<name>[A-Za-z_]\w*)[ \t]*\((?<body>(?:[^()"]|"(?:[^"\\]|\\[\s\S])*"|\([^()]*\))*)\)/g,
  )) {
    const { name = "", body = "" } = match.groups ?? {};
    const words = [...body.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|[^\s"]+/g)].map(([word, quoted]) => put(quoted ?? word));
    const command = { name: name.toLowerCase(), words, line: clean.slice(0, match.index).split("\n").length };
    commands.push(command);
    const [first = "", second] = words;
    if (command.name === "set" && second !== undefined) values.set(first, words.slice(1).join(" "));
    if (command.name === "project") values.set("PROJECT_NAME", first).set("CMAKE_PROJECT_NAME", first);
  }
  return commands;
}

/** Programs that a person wants: those that are installed, else those that no test is made of. */
export function programsOfCMake(commands: readonly CMakeCommand[]): readonly { readonly name: string; readonly line: number }[] {
  const named = (name: string): readonly CMakeCommand[] => commands.filter((command) => command.name === name);
  const executables = named("add_executable").filter(({ words }) => !words.includes("IMPORTED") && !words.includes("ALIAS"));
  const all = executables.flatMap(({ words: [name], line }) => (name === undefined ? [] : [{ name, line }]));
  const installed = new Set(named("install").flatMap(({ words }) => (words[0] === "TARGETS" ? words : [])));
  const tested = new Set(named("add_test").flatMap(({ words }) => words));
  const wanted = all.filter(({ name }) => installed.has(name));
  return wanted.length > 0 ? wanted : all.filter(({ name }) => !(tested.has(name) && /test/i.test(name)));
}
