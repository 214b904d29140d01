export function grid(rows) {
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, String(cell).length); });
  return rows.map((row) => row.map((cell, at) => String(cell).padEnd(widths[at])).join("  ").trimEnd()).join("\n");
}
