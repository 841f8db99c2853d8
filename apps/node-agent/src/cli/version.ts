import { PRODUCT_VERSION, PROTOCOL_VERSION } from '@clawbernetes/protocol/version'

export function version(): number {
  process.stdout.write(
    `clawbernetes-node ${PRODUCT_VERSION} (protocol ${PROTOCOL_VERSION}, Node.js ${process.versions.node})\n`,
  )
  return 0
}
