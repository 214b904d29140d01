import { type NixEvents, nameOfDerivation } from "../events.ts";
import { logText } from "./kept-log.ts";

/** Events as the text a person would have seen: each builder's log under its name, then messages, then what children wrote. */
export function logOf(events: NixEvents): string {
  const builds = events.derivations
    .filter(({ total }) => total > 0)
    .map(({ drv, lines, total }) => `--- ${nameOfDerivation(drv)} (${drv})\n${logText(lines, total)}`);
  return [...builds, events.notices.trimEnd(), ...events.messages.map(({ text }) => text), events.plain.trimEnd()]
    .filter((part) => part !== "")
    .join("\n");
}
