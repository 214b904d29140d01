/** Programs whose result says nothing about the target. */
const CONSTANT = ["true", ":", "echo", "printf", "sleep"];
const SHELLS = ["sh", "bash", "dash", "zsh", "ksh"];

/**
 * Why a command cannot fail, or undefined. Scripts of a check run as `bash -euo pipefail`; a shell inside `argv` has only the options it
 * is given.
 */
export function constantReason(argv: readonly string[] | undefined, script: string | undefined): string | undefined {
  if (script !== undefined) return scriptReason(script, true);
  const [program, ...rest] = argv ?? [];
  const name = program?.split("/").at(-1) ?? "";
  if (CONSTANT.includes(name)) return `\`${name}\` always succeeds`;
  if (SHELLS.includes(name)) {
    const flag = rest.findIndex((argument) => /^-[a-z]*c$/.test(argument));
    const inner = rest[flag + 1];
    if (flag >= 0 && inner !== undefined)
      return scriptReason(
        inner,
        rest.some((argument) => argument === "pipefail"),
      );
  }
  if (name === "env")
    return constantReason(
      rest.filter((argument) => !/^(?:-\S*|\w+=.*)$/.test(argument)),
      undefined,
    );
  return undefined;
}

function scriptReason(script: string, pipefail: boolean): string | undefined {
  const code = withoutQuotesAndComments(script);
  const commands = code
    .split(/\n|;|&&|\|\|?/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^set\s+[-+]/.test(line));
  const last = commands.at(-1) ?? "";
  if (commands.length === 0) return "the script is empty";
  if (commands.every((line) => CONSTANT.includes(line.split(/\s/)[0] ?? "") || /^exit(?:\s+0)?$/.test(line))) {
    return `\`${commands[0]}\` always succeeds`;
  }
  const rescued = /\|\|\s*(true|:|echo|printf|exit\s+0)(?![\w-])/.exec(code);
  if (rescued) return `\`|| ${rescued[1]}\` turns every failure into success`;
  if (/^(?:true|:|exit\s+0)$/.test(last)) {
    // With `set -e` an earlier failure ends the script first, unless it was switched off.
    if (!pipefail || /\bset\s+\+[a-z]*e/.test(code)) return `the script ends with \`${last}\``;
  }
  if (/\bset\s+\+e\b/.test(code) || /\bset\s+\+o\s+(?:errexit|pipefail)\b/.test(code))
    return "the script switches off `errexit` or `pipefail`";
  const hasPipe = /(?<!\|)\|(?![|&])/.test(code);
  if (hasPipe && !pipefail && !/\bset\s+-[a-z]*o\s+pipefail\b/.test(code))
    return "a pipe without `pipefail` hides the failure of what stands before it";
  return undefined;
}

/** Quoted strings become `_`, comments go: what is left shows the commands and operators. */
function withoutQuotesAndComments(script: string): string {
  return script.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, "_").replace(/(^|\s)#[^\n]*/g, "$1");
}
