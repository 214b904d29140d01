import type { AskProposal } from "../../../jobs/work/gate/asking-gate.ts";
import { lineDiff } from "../../../ui/line-diff.ts";
import { shownText } from "../../../ui/shown-text.ts";
import type { Ui } from "../../../ui/ui.ts";

/** Lines of one file that a person is shown; the rest is counted. */
const MOST_LINES = 300;

/** Shows a proposal's difference and asks whether it may count. */
export const askProposal =
  (ui: Ui): AskProposal =>
  async (changes) => {
    const shown = changes.map(({ path, before, after }) => {
      const lines = lineDiff(before, after).map((line) =>
        line.kind === "gap" ? `  … ${line.lines} lines …` : `${{ same: " ", added: "+", removed: "-" }[line.kind]} ${line.text}`,
      );
      const rest = lines.length > MOST_LINES ? [`  … ${lines.length - MOST_LINES} more lines …`] : [];
      return [
        `--- ${path}${before === undefined ? " (new)" : after === undefined ? " (deleted)" : ""}`,
        ...lines.slice(0, MOST_LINES),
        ...rest,
      ].join("\n");
    });
    const question = "May this proposal count?";
    const details = `\n${shown.join("\n")}\n`;
    const answer = ui.choose
      ? await ui.choose(question, details, [
          { value: "yes", label: "Yes", hint: "Nix judges it next" },
          { value: "no", label: "No", hint: "the model is told why" },
        ])
      : (await ui.confirm(question, shownText(details)))
        ? "yes"
        : undefined;
    if (answer === "yes") return { ok: true };
    const why = answer === undefined ? undefined : await ui.ask("Why not? (told to the model):", "");
    return { ok: false, why: why === undefined || why === "" ? "no reason was given" : why };
  };
