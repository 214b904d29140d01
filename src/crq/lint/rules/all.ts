import { levels, parserFindings, type Rule } from "../rule.ts";
import { checkRules } from "./acceptance/checks.ts";
import { criteriaRules } from "./acceptance/criteria.ts";
import { wordingRules } from "./acceptance/wording.ts";
import { factRules } from "./grounding/facts.ts";
import { pathRules } from "./grounding/paths.ts";
import { brokenRelation } from "./grounding/relations.ts";
import { idRules } from "./id.ts";
import { lifecycleRules } from "./lifecycle.ts";
import { metaRules } from "./meta.ts";
import { nixRules } from "./nix.ts";
import { planRules } from "./plan.ts";
import { emptySection, missingSection, sectionOrder, unknownSection } from "./structure/sections.ts";
import { headingForm, leakedPrompt, templatePlaceholder, unbalancedFence, unfinishedText, unreadable } from "./structure/text.ts";
import { title } from "./structure/title.ts";

/** Found by the linter itself while it reads ignore comments. */
export const badIgnore: Rule = {
  name: "structure/bad-ignore",
  about: "an ignore comment without a reason, or for an unknown rule",
  explain:
    "Write `<!-- crq-lint ignore area/rule: reason -->` above the block. Rules that are an error in every profile cannot be ignored.",
  levels: levels("E E E"),
  check: () => [],
};

/** About the generated lists, not about one document: `lintLists` finds them. */
export const outOfDate: Rule = {
  name: "index/out-of-date",
  about: "`list.txt` or `INDEX.md` differs from the documents",
  explain: "Both are generated from the CRQ files. `crq-agent index` writes them.",
  levels: levels("W E E"),
  fixes: true,
  check: parserFindings("index/out-of-date"),
};

export const badEntry: Rule = {
  name: "index/bad-entry",
  about: "a dead, repeated or non-CRQ entry in `list.txt`",
  explain: "A list is only worth something if every line of it leads somewhere. `crq-agent index` writes it anew.",
  levels: levels("W E E"),
  check: parserFindings("index/bad-entry"),
};

/** Every rule, in the order of the format's table. */
export const RULES: readonly Rule[] = [
  title,
  emptySection,
  templatePlaceholder,
  unbalancedFence,
  leakedPrompt,
  missingSection,
  sectionOrder,
  unknownSection,
  unfinishedText,
  headingForm,
  unreadable,
  badIgnore,
  ...metaRules,
  ...idRules,
  ...criteriaRules,
  ...checkRules,
  ...wordingRules,
  ...pathRules,
  brokenRelation,
  ...factRules,
  ...nixRules,
  ...planRules,
  ...lifecycleRules,
  outOfDate,
  badEntry,
];
