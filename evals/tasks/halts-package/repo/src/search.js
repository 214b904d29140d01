/** Departures from a station at or after a time, the earliest first, at the same time by the line's name. A train ends at its last stop. */
export function departures(lines, station, after) {
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
export function ride(lines, from, to, after) {
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
