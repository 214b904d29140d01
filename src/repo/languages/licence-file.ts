import type { TrackedTree } from "../tracked-tree.ts";

/** SPDX identifiers by words that only the licence's own text has; those whose text leaves open which variant is meant (the GNU ones) are left out. */
const TEXTS: readonly (readonly [spdx: string, ...words: readonly RegExp[]])[] = [
  ["Apache-2.0", /Apache License\s+Version 2\.0/],
  ["MPL-2.0", /Mozilla Public License Version 2\.0/],
  ["BSD-3-Clause", /Redistribution and use in source and binary forms/, /Neither the name of/],
  ["BSD-2-Clause", /Redistribution and use in source and binary forms/],
  ["ISC", /Permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose with or without fee/],
  ["MIT", /Permission is hereby granted, free of charge, to any person obtaining a copy/],
  ["Unlicense", /This is free and unencumbered software released into the public domain/],
];

/** The licence of a project, by the one licence file of a folder; undefined where there is none, several, or none that is known. */
export async function licenceOf(
  tree: TrackedTree,
  folder: string,
): Promise<{ readonly spdx: string; readonly path: string } | undefined> {
  const prefix = folder === "." ? "" : `${folder}/`;
  const found = tree.entries.filter(
    ({ path, kind }) =>
      kind === "file" && path.startsWith(prefix) && /^(?:LICEN[CS]E|COPYING)(?:\.(?:md|txt))?$/i.test(path.slice(prefix.length)),
  );
  const [only, other] = found;
  if (!only || other) return undefined;
  const text = (await tree.text(only.path))?.text.replace(/\s+/g, " ") ?? "";
  const spdx = TEXTS.find(([, ...words]) => words.every((word) => word.test(text)))?.[0];
  return spdx === undefined ? undefined : { spdx, path: only.path };
}
