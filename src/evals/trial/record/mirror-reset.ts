import { z } from "zod";
import type { Event } from "../../../agent/events.ts";
import { InfraFailure } from "../infra-failure.ts";

/**
 * A connection that the mirror accepted and then broke off. Nothing else is to be reached in a world, so no address that a change names brings
 * it about. What a builder prints and what an expression throws may say the same words: those have a derivation or a place.
 */
export const isMirrorReset = ({ kind, excerpt, derivation, position }: Told): boolean =>
  kind === "input-not-found" && derivation === undefined && position === undefined && RESET.test(excerpt);

interface Told {
  readonly kind: string;
  readonly excerpt: string;
  readonly derivation?: unknown;
  readonly position?: unknown;
}

const RESET = /unable to (?:download|access) '[^\n]*(?:Recv failure|Connection reset by peer)/u;

const told = z.object({
  diagnoses: z.array(
    z.object({ kind: z.string(), excerpt: z.string(), derivation: z.unknown().optional(), position: z.unknown().optional() }),
  ),
});

/** Of a trial that did not succeed: the mirror's doing, where its journals tell of such a connection. Pure. */
export function faultOfMirror(events: readonly Event[], success: boolean): InfraFailure | undefined {
  if (success) return undefined;
  for (const event of events) {
    const details = event.type === "result" ? told.safeParse(event.details) : undefined;
    const broken = details?.data?.diagnoses.find(isMirrorReset);
    if (broken) return new InfraFailure("mirror", broken.excerpt.trim().slice(0, 1_000));
  }
  return undefined;
}
