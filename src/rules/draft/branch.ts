import { branchOf, numberOf } from "../../crq/ids.ts";
import type { Metadata } from "../../crq/model.ts";

/** The branch of a new document; none while it is `CRQ-XXX`, since a branch is named after a number. Proposing the document adds it then. */
export const branchField = (id: string, slug: string): Pick<Metadata, "branch"> =>
  numberOf(id) === undefined ? {} : { branch: branchOf(id, slug) };
