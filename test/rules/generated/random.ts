/** Where the generated repositories' draws come from: the same generator as the planted faults'. */
export { type Draw, drawFrom } from "../../../src/evals/draw.ts";
