import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PlanWorld, planWorld } from '../approvals/testing/plan-world'
import type { Ctx } from '../context'
import { appendAudit } from './append-audit'
import { verifyAuditFile } from './audit-file'
import { countNewAudit } from './count-new-audit'
import { exportAudit } from './export-audit'
import { listAudit } from './list-audit'
import { verifyChain } from './verify-audit'

const ENTRIES = 1200
let world: PlanWorld
let ana: Ctx
let ben: Ctx
beforeAll(async () => {
  world = await planWorld()
  ana = await world.member('owner', 'ana')
  ben = await world.member('operator', 'ben')
  await world.db.$transaction(
    async (tx) => {
      for (let n = 1; n <= ENTRIES; n++)
        await appendAudit(tx, n % 2 ? ana : ben, n % 3 ? 'plan.approved' : 'node.cordon', `PL-${n}`, {
          n,
          says: '=1+1, "quoted"\nand a line',
        })
    },
    { timeout: 60_000 },
  )
})
afterAll(() => world.close())

async function exported(ctx: Ctx, input: Parameters<typeof exportAudit>[0]['input'] = {}): Promise<string[]> {
  const { lines } = await exportAudit({ ctx, input })
  let text = ''
  for await (const piece of lines) text += piece
  return text.split(input.format === 'csv' ? '\r\n' : '\n').filter(Boolean)
}
async function* each(lines: readonly string[]) {
  yield* lines
}
const check = (lines: readonly string[], head: string | null = null) => verifyAuditFile(each(lines), head)
const edited = (line: string, change: object): string => JSON.stringify({ ...JSON.parse(line), ...change })

describe('an exported audit log', () => {
  it('is whole, in order, and tells of itself in its last line', async () => {
    const lines = await exported(ana)
    const report = await check(lines)
    expect(report).toMatchObject({ brokenAt: null, entries: ENTRIES + 1, orgId: world.orgId })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      action: 'audit.exported',
      actorName: 'ana',
      seq: ENTRIES + 1,
    })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ headSeq: report.headSeq, headHash: report.headHash })
  })

  it('shows every way of tampering, and at which entry', async () => {
    const lines = await exported(ana)
    const head = JSON.parse(lines[0] ?? '').headHash as string
    const at = (seq: number) => lines.slice(1).findIndex((line) => JSON.parse(line).seq === seq) + 1
    const put = (seq: number, line: string) => lines.map((old, i) => (i === at(seq) ? line : old))
    const line = (seq: number) => lines[at(seq)] ?? ''

    expect(await check(put(40, edited(line(40), { target: 'PL-999' })))).toMatchObject({
      brokenAt: 40,
      why: expect.stringContaining('was changed'),
    })
    expect(await check(put(40, edited(line(40), { at: '2020-01-01T00:00:00.000Z' })))).toMatchObject({ brokenAt: 40 })
    expect(await check(put(40, edited(line(40), { data: { n: 41 } })))).toMatchObject({ brokenAt: 40 })
    expect(await check(lines.filter((_, i) => i !== at(50)))).toMatchObject({
      brokenAt: 51,
      why: 'entry 50 is missing',
    })
    const swapped = [...lines]
    ;[swapped[at(60)], swapped[at(61)]] = [line(61), line(60)]
    expect((await check(swapped)).brokenAt).toBe(61)
    const doubled = [...lines.slice(0, at(70)), line(69), ...lines.slice(at(70))]
    expect(await check(doubled)).toMatchObject({ brokenAt: 69, why: expect.stringContaining('order') })
    expect(await check(lines.slice(0, -3))).toMatchObject({ why: expect.stringContaining('cut off') })
    // Whoever cuts the end off may rewrite the head line as well, but does not know the hash that was noted elsewhere.
    const last = JSON.parse(lines.at(-4) ?? '') as { seq: number; hash: string }
    const forged = [edited(lines[0] ?? '', { headSeq: last.seq, headHash: last.hash }), ...lines.slice(1, -3)]
    expect((await check(forged)).brokenAt).toBeNull()
    expect(await check(forged, head)).toMatchObject({ why: expect.stringContaining('expected head') })
    expect((await check(lines, head)).brokenAt).toBeNull()
    await expect(check(['{"seq":1}'])).rejects.toThrow('Line 1')
  })

  it('can be a part of it, each entry checked by itself', async () => {
    const lines = await exported(ana, { action: 'node.', actor: 'ben' })
    expect(lines.slice(1).every((text) => JSON.parse(text).action === 'node.cordon')).toBe(true)
    expect(lines.slice(1).every((text) => JSON.parse(text).actorId === 'usr_ben')).toBe(true)
    expect((await check(lines)).brokenAt).toBeNull()
    const changed = lines.map((text, i) => (i === 5 ? edited(text, { target: 'PL-0' }) : text))
    expect((await check(changed)).brokenAt).toBe(JSON.parse(lines[5] ?? '').seq)
  })

  it('as CSV has quoted cells and nothing that a spreadsheet would run', async () => {
    const lines = await exported(ana, { format: 'csv', until: new Date().toISOString() })
    expect(lines[0]).toBe('seq,at,actorKind,actorId,actorName,onBehalfOf,via,action,target,data,prevHash,hash')
    expect(lines[1]).toContain('"{""n"":1')
    expect(lines.some((text) => /(^|,)=/.test(text))).toBe(false)
  })

  it('is for administrators, is itself audited, and holds nothing of another organisation', async () => {
    await expect(exportAudit({ ctx: ben, input: {} })).rejects.toThrow(
      'To export the audit log you need the role admin',
    )
    const theirs = await exported(world.stranger)
    expect(theirs).toHaveLength(2)
    expect(await world.db.auditEntry.count({ where: { orgId: world.orgId, action: 'audit.exported' } })).toBe(4)
  })
})

describe('the audit in the database', () => {
  it('can be narrowed by person, action and time, and says how much is new', async () => {
    const of = (input: Parameters<typeof listAudit>[0]['input']) => listAudit({ ctx: ana, input })
    expect((await of({ actor: 'ben', limit: 5 })).every((e) => e.actor.name === 'ben')).toBe(true)
    expect(await of({ actor: '%' })).toEqual([])
    expect(await of({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([])
    const [newest] = await of({ limit: 1 })
    await world.db.$transaction((tx) => appendAudit(tx, ben, 'node.cordon', 'node-09'))
    const since = { afterSeq: newest?.seq ?? 0 }
    expect(await countNewAudit({ ctx: ana, input: since })).toEqual({ count: 1 })
    expect(await countNewAudit({ ctx: ana, input: { ...since, actor: 'ana' } })).toEqual({ count: 0 })
  })

  it('keeps the address of the request where the door knew it, and can be narrowed by the door', async () => {
    const fromCli: Ctx = { ...ben, actor: { ...ben.actor, via: 'cli', address: '203.0.113.9' } }
    await world.db.$transaction((tx) => appendAudit(tx, fromCli, 'node.cordon', 'node-10', { reason: 'heat' }))
    const byDoor = await listAudit({ ctx: ana, input: { via: 'cli' } })
    expect(byDoor.map((entry) => entry.data)).toEqual([{ reason: 'heat', ip: '203.0.113.9' }])
    // Entries without an address, from before there were any, and those with one make one whole chain.
    expect((await verifyChain(world.db, world.orgId)).brokenAt).toBeNull()
  })

  it('refuses to change, delete or empty what is written', async () => {
    for (const sql of ["update audit_entry set via = 'x'", 'delete from audit_entry', 'truncate audit_entry'])
      await expect(world.db.$executeRawUnsafe(sql)).rejects.toThrow('immutable')
  })

  it('is checked by the command, from a file and from the database, with an exit code', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'audit-'))
    const file = path.join(folder, 'export.jsonl')
    const lines = await exported(ana)
    await writeFile(file, `${lines.join('\n')}\n`)
    const whole = await command(['verify', '--file', file])
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining(': whole, ') })
    await writeFile(file, lines.filter((_, i) => i !== 7).join('\n'))
    expect(await command(['verify', '--file', file])).toMatchObject({
      code: 1,
      out: expect.stringContaining('entry 7'),
    })

    const { headHash } = await verifyChain(world.db, world.orgId)
    const good = await command(['verify', '--org', world.orgId, '--head', headHash])
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining(headHash) })
    // Somebody with the database's own rights: triggers off, the newest entries gone.
    await world.db.$executeRaw`alter table audit_entry disable trigger all`
    await world.db.$executeRaw`delete from audit_entry where org_id = ${world.orgId} and seq > ${ENTRIES}`
    expect(await command(['verify', '--org', world.orgId])).toMatchObject({ code: 0 })
    expect(await command(['verify', '--org', world.orgId, '--head', headHash])).toMatchObject({ code: 1 })
    await world.db.$executeRaw`update audit_entry set target = 'x' where org_id = ${world.orgId} and seq = 9`
    expect(await command(['verify', '--org', world.orgId])).toMatchObject({
      code: 1,
      out: expect.stringContaining('broken at entry 9'),
    })
    await rm(folder, { recursive: true })
  }, 60_000)
})

const SCRIPT = fileURLToPath(new URL('../../../../scripts/audit.mjs', import.meta.url))

function command(args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { env: { ...process.env, DATABASE_URL: world.url } })
  let out = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (out += data.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })))
}
