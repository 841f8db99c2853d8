import type { SystemCtx } from '../context'

export interface SkillCardInput {
  name: string
  title: string
  description: string
  examples: string[]
}

/** Says what the agent of this worker can do; skills that it no longer has are taken away. */
export async function storeSkillCards(sys: SystemCtx, input: { skills: readonly SkillCardInput[] }): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    // Two workers that start at once write the same list; one after the other.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('skill-cards'))`
    await tx.skillCard.deleteMany({})
    await tx.skillCard.createMany({
      data: input.skills.map((skill, ordinal) => ({ ...skill, ordinal, at: sys.now() })),
    })
  })
}
