import { prismaAdapter } from 'better-auth/adapters/prisma'
import { betterAuth } from 'better-auth'
import { organization } from 'better-auth/plugins'
import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'
import { sharedDb } from '@clawbernetes/db/client'
import type { Db } from '../context'
import { ServiceError } from '../errors'
import { membershipAudit } from './membership-audit'
import { createOrganization } from './create-organization'

const MIN_PASSWORD = 10
const ac = createAccessControl(defaultStatements)
const member = () => ac.newRole(memberAc.statements)
/** better-auth decides who may invite and manage members; everything else is decided by protocol/roles. */
const roles = {
  owner: ac.newRole(ownerAc.statements),
  admin: ac.newRole(adminAc.statements),
  approver: member(),
  operator: member(),
  viewer: member(),
}

export interface AuthConfig {
  db: Db
  secret: string
  /** Where browsers reach the web app; cookies and origin checks follow it. */
  baseUrl: string
  trustedOrigins: string[]
  rateLimit: boolean
}

/** E-mail and password, sessions in cookies, organisations with roles. Sign-up makes the person's own organisation. */
export function createAuth({ db, secret, baseUrl, trustedOrigins, rateLimit }: AuthConfig) {
  return betterAuth({
    appName: 'Clawbernetes',
    baseURL: baseUrl,
    secret,
    trustedOrigins: [baseUrl, ...trustedOrigins],
    database: prismaAdapter(db, { provider: 'postgresql' }),
    telemetry: { enabled: false },
    // Members are changed by our own verbs, which name the acting person in the audit.
    disabledPaths: [
      '/organization/invite-member',
      '/organization/cancel-invitation',
      '/organization/update-member-role',
      '/organization/remove-member',
      '/organization/leave',
      '/organization/delete',
    ],
    emailAndPassword: { enabled: true, minPasswordLength: MIN_PASSWORD, maxPasswordLength: 200, autoSignIn: true },
    rateLimit: {
      enabled: rateLimit,
      storage: 'database',
      modelName: 'rateLimit',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 10 }, '/sign-up/email': { window: 60, max: 10 } },
    },
    advanced: { cookiePrefix: 'clawbernetes', ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } },
    plugins: [
      organization({
        ac,
        roles,
        creatorRole: 'owner',
        allowUserToCreateOrganization: true,
        organizationHooks: membershipAudit(db),
      }),
    ],
    databaseHooks: {
      user: {
        create: {
          after: async (user) => {
            await createOrganization({ db, now: () => new Date() }, { user: { id: user.id, name: user.name } })
          },
        },
      },
      session: {
        create: {
          // A session starts in the organisation the person joined first; the switcher changes it.
          before: async (session) => {
            const first = await db.member.findFirst({
              where: { userId: session.userId },
              orderBy: { createdAt: 'asc' },
              select: { organizationId: true },
            })
            return { data: { ...session, activeOrganizationId: first?.organizationId ?? null } }
          },
        },
      },
    },
  })
}

export type Auth = ReturnType<typeof createAuth>
let shared: Auth | undefined

/** The process's own instance, from BETTER_AUTH_SECRET and BETTER_AUTH_URL. */
export function auth(): Auth {
  const secret = process.env.BETTER_AUTH_SECRET
  if (!secret)
    throw new ServiceError(
      'unavailable',
      'BETTER_AUTH_SECRET is not set. Start with `npm start`, or set it to a long random text.',
    )
  shared ??= createAuth({
    db: sharedDb().db,
    secret,
    baseUrl: process.env.BETTER_AUTH_URL ?? `http://localhost:${process.env.PORT ?? 3000}`,
    trustedOrigins: (process.env.TRUSTED_ORIGINS ?? '').split(',').filter(Boolean),
    rateLimit: process.env.AUTH_RATE_LIMIT !== 'off',
  })
  return shared
}
