import { normalBelow, quantileOfNormal } from "./quantiles.ts";

/** What of α = .05 is spent when the share `done` (0 < done ≤ 1) of the trials is looked at: O'Brien and Fleming's spending function (Lan and DeMets 1983). */
export const spentAlpha = (done: number): number => 2 - 2 * normalBelow(quantileOfNormal(0.975) / Math.sqrt(done));
