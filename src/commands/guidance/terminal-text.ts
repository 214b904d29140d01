/**
 * A page of docs/ as a terminal shows it: without fences, comments and marks of emphasis. Pages are ours, so this is a change of clothes and
 * no Markdown parser; `plain` pages are read in a pager and by `grep`.
 */
export function terminalText(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.replace(/<!--[\s\S]*?-->\n?/gu, "").split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/u.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) {
      lines.push(line === "" ? "" : `    ${line}`);
      continue;
    }
    const title = /^(#{1,6})\s+(.*)$/u.exec(line);
    if (title?.[2] !== undefined) {
      const text = prose(title[2]);
      lines.push(text, ...(title[1] === "#" ? ["=".repeat(text.length)] : title[1] === "##" ? ["-".repeat(text.length)] : []));
    } else if (!/^\|(?:\s*:?-+:?\s*\|)+$/u.test(line)) lines.push(prose(line));
  }
  return `${lines
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim()}\n`;
}

/** Code spans keep their marks: they tell a command from the sentence around it. */
function prose(line: string): string {
  return line
    .split(/(`[^`]*`)/u)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/\*\*([^*]+)\*\*/gu, "$1")))
    .join("")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/gu, "$1 ($2)")
    .replace(/\\([|<])/gu, "$1");
}
