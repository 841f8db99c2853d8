import type { NextConfig } from 'next'
import { fileURLToPath } from 'node:url'

const config: NextConfig = {
  reactCompiler: true,
  poweredByHeader: false,
  transpilePackages: ['@clawbernetes/db', '@clawbernetes/services', '@clawbernetes/domain', '@clawbernetes/protocol'],
  serverExternalPackages: ['pg', 'pino', '@prisma/client', '@prisma/adapter-pg', 'graphile-worker', 'better-auth'],
  // The workspace root: our packages are TypeScript sources beside this app, not built artefacts.
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  devIndicators: false,
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
        ],
      },
    ]
  },
}

export default config
