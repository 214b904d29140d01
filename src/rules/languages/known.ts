/** Languages besides Rust whose projects the rules nixify, as a sentence names them. */
export const KNOWN_LANGUAGES: readonly string[] = ["plain C with make or CMake", "Go", "JavaScript with npm", "Python"];
