import type { Draw } from "../../draw.ts";

/** Names that planters draw: nothing in the product may know them. */

const FIRST = ["amber", "birch", "copper", "delta", "flint", "granite", "hollow", "indigo", "jasper", "kelp"] as const;
const SECOND = ["anchor", "bridge", "cipher", "dial", "folio", "garden", "hinge", "island", "jigsaw", "kiln"] as const;

/** `copper_dial`: an identifier of Rust and of Nix. */
export const drawWord = (draw: Draw): string => `${draw.pick(FIRST)}_${draw.pick(SECOND)}`;

/** `copper-dial`: a crate, an attribute or a file. */
export const drawName = (draw: Draw): string => drawWord(draw).replace("_", "-");
