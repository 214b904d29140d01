import { readFileSync } from "node:fs";
// Put together beforehand.
/** Times of day as minutes after midnight; a timetable may go on after 24:00, for the trains of the night. */

/** undefined for what is no time. */
function minutesOf(text) {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined || Number(hours) > 29 ? undefined : Number(hours) * 60 + Number(minutes);
}

function timeOf(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** What is wrong with a timetable, with the line where it is. */
class TimetableError extends Error {
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
function readTimetable(text) {
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

const trainsOf = (line) => line.stops[0]?.times.length ?? 0;
/** Departures from a station at or after a time, the earliest first, at the same time by the line's name. A train ends at its last stop. */
function departures(lines, station, after) {
  const found = [];
  for (const { name, stops } of lines)
    stops.forEach((stop, at) => {
      if (stop.station !== station) return;
      stop.times.forEach((time, train) => {
        const goesOn = stops.slice(at + 1).some(({ times }) => times[train] !== undefined);
        if (time !== undefined && time >= after && goesOn) found.push({ line: name, time });
      });
    });
  return found.sort((a, b) => a.time - b.time || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0));
}

/** The ride on one train that arrives first; of two that arrive together the one that leaves later. undefined: there is none. */
function ride(lines, from, to, after) {
  let best;
  for (const { name, stops } of lines) {
    const start = stops.findIndex(({ station }) => station === from);
    if (start < 0) continue;
    const end = stops.findIndex(({ station }, at) => at > start && station === to);
    if (end < 0) continue;
    stops[start].times.forEach((leaves, train) => {
      const arrives = stops[end].times[train];
      if (leaves === undefined || arrives === undefined || leaves < after) return;
      if (!best || arrives < best.arrives || (arrives === best.arrives && leaves > best.leaves)) best = { line: name, leaves, arrives };
    });
  }
  return best;
}
function readArgs(words, known) {
  const options = {};
  const rest = [];
  for (const word of words) {
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) rest.push(word);
    else if (!known.includes(name)) throw new Error(`unknown option --${name}`);
    else options[name] = value ?? true;
  }
  return { options, words: rest };
}
function grid(rows) {
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, String(cell).length); });
  return rows.map((row) => row.map((cell, at) => String(cell).padEnd(widths[at])).join("  ").trimEnd()).join("\n");
}

const USAGE = `usage: halts list FILE
       halts next [--limit=N] STATION TIME FILE
       halts ride FROM TO TIME FILE
       halts --version`;

class UsageError extends Error {}

function timeGiven(text) {
  const minutes = minutesOf(text ?? "");
  if (minutes === undefined) throw new UsageError(`${text} is no time of day`);
  return minutes;
}

function load(file) {
  try {
    return readTimetable(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(error instanceof TimetableError ? `${file}: ${error.message}` : `${file}: ${error.code ?? error.message}`);
  }
}

const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function answer(words, options) {
  const [command, ...rest] = words;
  if (command === "list" && rest.length === 1)
    return grid(load(rest[0]).map((line) => [line.name, counted(line.stops.length, "stop"), counted(trainsOf(line), "train")]));
  if (command === "next" && rest.length === 3) {
    const limit = options.limit === undefined ? 3 : Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`${options.limit} is no number of trains`);
    const after = timeGiven(rest[1]);
    const found = departures(load(rest[2]), rest[0], after).slice(0, limit);
    if (found.length === 0) throw new Error(`nothing leaves ${rest[0]} at ${timeOf(after)} or later`);
    return grid(found.map(({ line, time }) => [timeOf(time), line, `in ${time - after} min`]));
  }
  if (command === "ride" && rest.length === 4) {
    const after = timeGiven(rest[2]);
    const found = ride(load(rest[3]), rest[0], rest[1], after);
    if (!found) throw new Error(`no train goes from ${rest[0]} to ${rest[1]} at ${timeOf(after)} or later`);
    return `${found.line}: ${timeOf(found.leaves)} to ${timeOf(found.arrives)}, ${found.arrives - found.leaves} min`;
  }
  throw new UsageError("no such command");
}

try {
  const { options, words } = readArgs(process.argv.slice(2), ["limit", "version"]);
  console.log(options.version ? "halts 1.3.0" : answer(words, options));
} catch (error) {
  const isUsage = error instanceof UsageError || error.message.startsWith("unknown option");
  console.error(`halts: ${error.message}${isUsage ? `\n${USAGE}` : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}
