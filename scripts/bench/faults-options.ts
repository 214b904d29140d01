/** Options of `npm run bench -- faults`; the other benches have none. */
export const FAULTS_OPTIONS = {
  class: { type: "string", multiple: true },
  seed: { type: "string" },
  repositories: { type: "string" },
  every: { type: "boolean" },
  minutes: { type: "string" },
} as const;
