import { newId, type SystemCtx } from '../context'

/** A new organisation with its first owner and its settings; used at sign-up and by the seed. */
export async function createOrganization(
  sys: SystemCtx,
  input: { user: { id: string; name: string }; name?: string; slug?: string },
): Promise<{ id: string; name: string }> {
  const at = sys.now()
  const id = newId('organization', at)
  const name = input.name ?? `${input.user.name}'s fleet`
  const slug = input.slug ?? `${slugOf(input.user.name)}-${id.slice(-6)}`
  await sys.db.$transaction(async (tx) => {
    await tx.organization.create({ data: { id, name, slug, createdAt: at } })
    await tx.member.create({
      data: { id: newId('user', at), organizationId: id, userId: input.user.id, role: 'owner', createdAt: at },
    })
    await tx.orgSettings.create({ data: { organizationId: id } })
  })
  return { id, name }
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || 'org'
