import { coverageGrid } from "./coverage-grid.ts";
import { even, FIRST_SUITE } from "./simulation.ts";

coverageGrid(
  [
    { name: "12 clusters of 2", sizes: even(12, 2) },
    { name: "20 clusters of 2", sizes: even(20, 2) },
    { name: "the first suite", sizes: FIRST_SUITE },
  ],
  [1, 3, 5],
);
