import 'server-only'

/** Quotes a value for a POSIX shell: nothing inside is ever interpreted. */
export function shellQuote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

export type JoinScriptInput = { fileUrl: string; sha256: string; gatewayUrl: string }

/**
 * What `curl … | sh` runs on a machine that joins. The whole body is one function that is called on the last line, so
 * that a download that breaks off half way runs nothing.
 */
export function joinScript({ fileUrl, sha256, gatewayUrl }: JoinScriptInput): string {
  return `#!/bin/sh
# Makes this machine a Clawbernetes node: fetches the node agent, checks it and starts it.
# Usage: curl -fsSL .../join | sh -s -- --token cbj_... [--name NAME] [--label KEY=VALUE] [--data-root DIR] [--service]
set -eu
main() {
  file_url=${shellQuote(fileUrl)}
  sha256=${shellQuote(sha256)}
  gateway_url=${shellQuote(gatewayUrl)}
  fail() { printf '%s\\n' "clawbernetes: $1" >&2; exit 1; }

  node=$(command -v node) || node=$(command -v nodejs) ||
    fail 'Node.js 20.19 or newer is needed on this machine. Install it (https://nodejs.org/en/download, or the package nodejs of your system), then run this command again.'
  "$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed; this machine has $("$node" --version). See https://nodejs.org/en/download"

  umask 077
  dir="\${CLAWBERNETES_HOME:-\${HOME:-/root}/.clawbernetes}"
  mkdir -p "$dir" || fail "The folder $dir cannot be made."
  target="$dir/clawbernetes-node.mjs"
  part="$target.$$.part"
  trap 'rm -f "$part"' EXIT
  trap 'exit 1' HUP INT TERM
  if command -v curl >/dev/null 2>&1; then curl -fsSL --retry 3 -o "$part" "$file_url"
  elif command -v wget >/dev/null 2>&1; then wget -q -O "$part" "$file_url"
  else fail 'Neither curl nor wget is there to fetch the node agent.'; fi || fail "The node agent could not be fetched from $file_url"
  sum=$("$node" -e 'const { createHash } = require("node:crypto"); console.log(createHash("sha256").update(require("node:fs").readFileSync(process.argv[1])).digest("hex"))' "$part")
  [ "$sum" = "$sha256" ] || fail 'The download does not have the expected checksum. Nothing was started.'
  chmod 700 "$part"
  mv "$part" "$target"
  trap - EXIT HUP INT TERM
  exec "$node" "$target" join --server "$gateway_url" "$@" </dev/null
}
main "$@"
`
}
