import { minutesOf } from "./clock.js";

/** What is wrong with a timetable, with the line where it is. */
export class TimetableError extends Error {
  constructor(line, problem) {
    super(`line ${line}: ${problem}`);
    this.name = "TimetableError";
  }
}

/**
 * Reads a timetable: `line NAME`, then a stop a line with the time of every train there (`-`: that train does not stop). Every stop of a line
 * has as many times as its first one. Empty lines and what follows a `#` count for nothing.
 * @returns lines in the order of the text: { name, stops: [{ station, times: [minutes or undefined] }] }
 */
export function readTimetable(text) {
  const lines = [];
  text.split("\n").forEach((raw, index) => {
    const words = raw.replace(/#.*/, "").trim().split(/\s+/);
    const number = index + 1;
    if (words[0] === "") return;
    if (words[0] === "line") {
      if (words.length !== 2) throw new TimetableError(number, "a line has one name");
      if (lines.some(({ name }) => name === words[1])) throw new TimetableError(number, `line ${words[1]} is there twice`);
      lines.push({ name: words[1], stops: [] });
      return;
    }
    const current = lines.at(-1);
    if (!current) throw new TimetableError(number, "a stop before the first line");
    const [station, ...written] = words;
    if (written.length === 0) throw new TimetableError(number, `${station} has no times`);
    const times = written.map((word) => {
      const minutes = word === "-" ? undefined : minutesOf(word);
      if (minutes === undefined && word !== "-") throw new TimetableError(number, `${word} is no time`);
      return minutes;
    });
    const expected = current.stops[0]?.times.length;
    if (expected !== undefined && expected !== times.length)
      throw new TimetableError(number, `${station} has ${times.length} times, and the line has ${expected} trains`);
    current.stops.push({ station, times });
  });
  return lines;
}

export const trainsOf = (line) => line.stops[0]?.times.length ?? 0;
