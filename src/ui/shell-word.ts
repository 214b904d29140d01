/** In single quotes of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A word of a command that a person copies: in quotes where a shell would take it apart. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/u.test(text) ? text : quoted(text));
