import type { Crq } from "../../../crq/model.ts";

/**
 * Which criteria a model asks for: none named are all, as an empty list is what some models send for an optional one. An id that the request
 * does not have would be a run of nothing that reads like a pass.
 */
export function criteriaAsked(
  { criteria }: Pick<Crq, "criteria">,
  named: readonly string[] | undefined,
): { readonly only: readonly string[] | undefined } | { readonly problem: string } {
  if (named === undefined || named.length === 0) return { only: undefined };
  const known = criteria.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [id] : []));
  const unknown = named.filter((id) => !known.includes(id));
  if (unknown.length === 0) return { only: named };
  return {
    problem: `There is no criterion ${unknown.join(", ")}. The request has ${known.join(", ")}; leave \`only\` out for all.`,
  };
}
