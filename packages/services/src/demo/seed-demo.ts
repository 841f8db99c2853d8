import { newId, type SystemCtx, systemActor } from '../context'
import { createJoinToken } from '../fleet/create-join-token'
import { createAuth } from '../identity/auth'
import { createOrganization } from '../identity/create-organization'

/** Colleagues in the demo organisation; they own workloads and cannot sign in. */
const PEOPLE = [
  { handle: 'maya', name: 'Maya Lindqvist', role: 'operator' },
  { handle: 'jonas', name: 'Jonas Weber', role: 'operator' },
  { handle: 'priya', name: 'Priya Raman', role: 'approver' },
  { handle: 'sam', name: 'Sam Okonkwo', role: 'operator' },
  { handle: 'lena', name: 'Lena Fischer', role: 'operator' },
] as const

export const DEMO_SLUG = 'acme-ml'
const TOKEN_LIFE_MIN = 30 * 24 * 60

export interface Seeded {
  email: string
  password: string
  organization: string
  /** For the demo's nodes that are not enrolled yet. */
  joinToken: string
}

/** The demo organisation with its people and a token for its simulated nodes. Running it again changes nothing but the token. */
export async function seedDemo(
  sys: SystemCtx,
  input: { scenario: string; email: string; password: string; secret: string },
): Promise<Seeded> {
  const user = await demoUser(sys, input)
  const org =
    (await sys.db.organization.findUnique({ where: { slug: DEMO_SLUG } })) ??
    (await createOrganization(sys, { user, name: 'acme-ml', slug: DEMO_SLUG }))
  await sys.db.orgSettings.update({ where: { organizationId: org.id }, data: { demoScenario: input.scenario } })
  await firstOrganization(sys, user.id, org.id)
  for (const person of PEOPLE) await addPerson(sys, org.id, person)
  const ctx = systemActor(sys, org.id, 'seed')
  await sys.db.joinToken.updateMany({
    where: { orgId: org.id, demo: true, revokedAt: null },
    data: { revokedAt: sys.now() },
  })
  const { token } = await createJoinToken({
    ctx,
    input: { label: 'Demo fleet', maxUses: 1000, expiresInMinutes: TOKEN_LIFE_MIN, demo: true },
  })
  return { email: input.email, password: input.password, organization: org.name, joinToken: token }
}

async function demoUser(
  sys: SystemCtx,
  input: { email: string; password: string; secret: string },
): Promise<{ id: string; name: string }> {
  const auth = createAuth({
    db: sys.db,
    secret: input.secret,
    baseUrl: 'http://localhost',
    trustedOrigins: [],
    rateLimit: false,
  })
  const found = await sys.db.user.findUnique({ where: { email: input.email }, select: { id: true, name: true } })
  if (!found) {
    const { user } = await auth.api.signUpEmail({
      body: { email: input.email, password: input.password, name: 'Ana Ferreira' },
    })
    return { id: user.id, name: user.name }
  }
  // The password that is printed at the start is the one that works, also on a database that outlived it.
  const password = await (await auth.$context).password.hash(input.password)
  await sys.db.account.updateMany({ where: { userId: found.id, providerId: 'credential' }, data: { password } })
  return found
}

/** Sign-up gave the person an organisation of their own; the demo account lives in the demo organisation alone. */
async function firstOrganization(sys: SystemCtx, userId: string, orgId: string): Promise<void> {
  const others = await sys.db.member.findMany({
    where: { userId, organizationId: { not: orgId } },
    select: { organizationId: true },
  })
  for (const { organizationId } of others) {
    const used = await sys.db.node.count({ where: { orgId: organizationId } })
    if (used === 0) await sys.db.organization.delete({ where: { id: organizationId } })
  }
}

async function addPerson(sys: SystemCtx, orgId: string, person: (typeof PEOPLE)[number]): Promise<void> {
  const email = `${person.handle}@demo.invalid`
  const user = await sys.db.user.upsert({
    where: { email },
    create: { id: newId('user', sys.now()), email, name: person.name },
    update: {},
  })
  const organizationId_userId = { organizationId: orgId, userId: user.id }
  await sys.db.member.upsert({
    where: { organizationId_userId },
    create: { id: newId('user', sys.now()), ...organizationId_userId, role: person.role },
    update: {},
  })
}
