import { access } from "node:fs/promises";
import { errorCode } from "../error.ts";

/** A person's environment, as it was found. */
export interface Person {
  readonly NIX_SSL_CERT_FILE?: string | undefined;
  readonly SSL_CERT_FILE?: string | undefined;
  readonly [name: string]: string | undefined;
}

const CERTIFICATE_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The person's own, else the system's: Debian, Fedora, openSUSE, Alpine and macOS have it in different places. */
export async function certificateFile(person: Person): Promise<string | undefined> {
  for (const file of [person.NIX_SSL_CERT_FILE, person.SSL_CERT_FILE, ...CERTIFICATE_FILES]) {
    if (file !== undefined && file !== "" && (await exists(file))) return file;
  }
  return undefined;
}

const PROXIES = ["http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"];

/** The person's proxies under the names they gave them, and the certificate file; nothing else of theirs. */
export function personVariables(person: Person, certificate: string | undefined): Record<string, string> {
  const names = PROXIES.flatMap((name) => [name, name.toUpperCase()]);
  const proxies = names.flatMap((name) => {
    const value = person[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  const files = ["NIX_SSL_CERT_FILE", "SSL_CERT_FILE", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE", "CARGO_HTTP_CAINFO"];
  return Object.fromEntries([
    ...proxies,
    ...(certificate === undefined ? [] : files.map((name) => [name, certificate] as const)),
  ]);
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) !== undefined) return false;
    throw error;
  }
}
