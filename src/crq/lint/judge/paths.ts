const FILE_ENDING =
  /\.(?:nix|lock|toml|md|rs|json|jsonl|txt|sh|yml|yaml|py|js|ts|c|h|proto|sql|patch|service|conf|cfg|html|css|org|rst)$/i;

/** Whether a code span is a file or folder path of a repository: one word with a known ending, or with a slash at its end. */
export function looksLikePath(code: string): boolean {
  if (!/^[\w@+.-]+(?:\/[\w@+.-]+)*\/?$/.test(code) || /^\.{1,2}\/?$/.test(code)) return false;
  return FILE_ENDING.test(code) || (code.endsWith("/") && code.length > 1);
}

/** `./docs/x/` → `docs/x`. */
export function repositoryPath(code: string): string {
  return code.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
}
