#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { grid } from "gridtext";
import { readArgs } from "reedargs";
import { minutesOf, timeOf } from "./clock.js";
import { departures, ride } from "./search.js";
import { readTimetable, TimetableError, trainsOf } from "./timetable.js";

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
  console.log(options.version ? "%name% %version%" : answer(words, options));
} catch (error) {
  const isUsage = error instanceof UsageError || error.message.startsWith("unknown option");
  console.error(`halts: ${error.message}${isUsage ? `\n${USAGE}` : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}
