import type { Config } from "../../../config.ts";
import type { AskProposal } from "../../../jobs/work/gate/asking-gate.ts";
import { lineDiff } from "../../../ui/line-diff.ts";
import { shownText } from "../../../ui/shown-text.ts";
import type { Ui } from "../../../ui/ui.ts";
import { CommandError } from "../../wiring/context.ts";

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

/**
 * Whether each proposal is shown to a person.
 * @param approve what was asked for with the run; undefined: as the settings say
 * @throws CommandError (exit 5) where there is no terminal for it
 */
export function asksProposals(ui: Ui, approve: Config["approve"] | undefined, config: Pick<Config, "approve">): boolean {
  const wanted = approve ?? config.approve;
  if (wanted === "auto" || ui.interactive) return wanted === "ask";
  throw new CommandError(
    "not-asked",
    `proposals are to be shown to a person (approve = "ask"), and there is no terminal: run apply or sessions resume on one, or begin with apply --approve auto`,
  );
}
