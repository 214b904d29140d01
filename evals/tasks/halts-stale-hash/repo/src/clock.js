/** Times of day as minutes after midnight; a timetable may go on after 24:00, for the trains of the night. */

/** undefined for what is no time. */
export function minutesOf(text) {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined || Number(hours) > 29 ? undefined : Number(hours) * 60 + Number(minutes);
}

export function timeOf(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
