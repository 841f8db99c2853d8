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
# Usage: curl -fsSL .../join | sh -s -- --token cbj_... [--name NAME] [--service]
set -eu
main() {
  file_url=${shellQuote(fileUrl)}
  sha256=${shellQuote(sha256)}
  gateway_url=${shellQuote(gatewayUrl)}
  fail() { printf '%s\\n' "clawbernetes: $1" >&2; exit 1; }

  command -v node >/dev/null 2>&1 || fail 'Node.js 20 or newer is needed on this machine. See https://nodejs.org/en/download'
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed; this machine has $(node --version)."

  dir="\${CLAWBERNETES_HOME:-$HOME/.clawbernetes}"
  mkdir -p "$dir"
  target="$dir/clawbernetes-node.mjs"
  part="$target.$$.part"
  trap 'rm -f "$part"' EXIT
  curl -fsSL --retry 3 -o "$part" "$file_url" || fail "The node agent could not be fetched from $file_url"
  if command -v sha256sum >/dev/null 2>&1; then sum=$(sha256sum "$part" | cut -d' ' -f1)
  elif command -v shasum >/dev/null 2>&1; then sum=$(shasum -a 256 "$part" | cut -d' ' -f1)
  else fail 'Neither sha256sum nor shasum is there to check the download.'; fi
  [ "$sum" = "$sha256" ] || fail 'The download does not have the expected checksum. Nothing was started.'
  chmod 700 "$part"
  mv "$part" "$target"
  trap - EXIT
  exec node "$target" join --gateway "$gateway_url" "$@"
}
main "$@"
`
}
