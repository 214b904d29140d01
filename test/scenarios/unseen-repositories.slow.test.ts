import { SHAPES } from "../rules/generated/repositories.ts";
import { solveUnseen } from "./unseen-repositories.ts";

solveUnseen(SHAPES);
