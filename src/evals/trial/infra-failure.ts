import type { INFRA_CLASSES } from "../results/trial-row.ts";

export type InfraClass = (typeof INFRA_CLASSES)[number];

/** A trial that could not be carried out or graded, through no fault of the model: it is tried again and never counted against it. */
export class InfraFailure extends Error {
  override readonly name = "InfraFailure";
  readonly class: InfraClass;

  constructor(infraClass: InfraClass, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.class = infraClass;
  }
}
