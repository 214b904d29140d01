import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";

export interface RecordOptions extends OutputOptions {
  readonly out: string;
  readonly source?: string;
  readonly build?: string;
  readonly also?: readonly string[];
}

/** `crq-agent steps record -- COMMAND…`. */
export const record: Verb<[readonly string[], RecordOptions]> = async () => {
  throw new CommandError(2, "steps record is being built");
};
