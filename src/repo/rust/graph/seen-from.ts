import type { Module } from "../read/model.ts";

/** From where something private is seen. */

/** The module that something is private to; undefined where the whole crate sees it. `pub(in …)` is taken for narrower than it is. */
export function scopeOf(module: Module, visibility: string): Module | undefined {
  const [, within] = /^pub\s*\(\s*(\w+)/u.exec(visibility) ?? [];
  if (visibility === "crate" || within === "crate") return undefined;
  return within === "super" ? module.parent : module;
}

export const below = (module: Module | undefined, top: Module): boolean =>
  module !== undefined && (module === top || below(module.parent, top));
