import { drawFrom } from "../../src/evals/draw.ts";
import { SHAPES } from "../rules/generated/repositories.ts";
import { seed, solveUnseen } from "./unseen-repositories.ts";

/** Two shapes that the seed draws; `npm run test:slow` has all nine. */
solveUnseen(drawFrom(`shapes of ${seed}`).some(SHAPES, 2));
