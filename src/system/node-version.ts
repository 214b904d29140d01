/** Loaded by a Node of any age, before everything else: newer syntax and imports stay out. */

/** The oldest Node whose type stripping and APIs are used (package.json, engines). */
const OLDEST_NODE = [22, 18] as const;

/** @returns undefined where `version`, as `process.versions.node` says it, is new enough */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? undefined
    : `Node is ${version}, and ${OLDEST_NODE.join(".")} or newer is needed; \`npm install node@24\` beside crq-agent brings one for this folder, https://nodejs.org one for the machine`;
}
