import { ERROR_AREAS } from "../../src/system/errors/codes.ts";
import { EXIT_CODES } from "../../src/system/errors/exit-codes.ts";
import { MADE } from "./made.ts";

/** docs/reference/errors.md: an anchor for every code that a message ends with. */
export function errors(): string {
  const areas = ERROR_AREAS.map(([title, entries]) => {
    const texts = Object.entries(entries).map(
      ([code, { exit, what, move }]) => `### ${code}\n\n${what} Exit code ${exit}.\n\n**Next:** ${move}\n`,
    );
    return `## ${title}\n\n${texts.join("\n")}`;
  });
  return `# Errors\n\n${MADE}\n\nA message that ends a verb closes with its code: \`crq-agent: /tmp/x: has no flake.nix … [no-flake]\`. The words of a message may
change, its code does not. \`--json\` has it as \`diagnostics[0].code\`; \`crq-agent help no-flake\` prints the entry below.\n\n${areas.join("\n")}`;
}

/** docs/reference/exit-codes.md */
export function exitCodes(): string {
  const rows = Object.entries(EXIT_CODES).map(([exit, about]) => `${exit.padStart(5)}   ${about}`);
  return `# Exit codes\n\n${MADE} They are the same for every verb.\n\n\`\`\`text\n${rows.join("\n")}\n\`\`\`\n\n1 wins over 4: a result that is both wrong and incomplete is wrong. [Errors](errors.md) lists the messages with their codes.\n`;
}
