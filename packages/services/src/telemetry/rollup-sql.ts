import { Prisma } from '@clawbernetes/db/rows'
import { MARGIN_PLACE, METRICS_PER_GPU, THROTTLE_PLACE, THROTTLE_TROUBLE } from '@clawbernetes/domain/telemetry/layout'
import type { Tx } from '../context'

const N = Prisma.raw(String(METRICS_PER_GPU))
const MARGIN = Prisma.raw(String(MARGIN_PLACE))
const THROTTLE = Prisma.raw(String(THROTTLE_PLACE))
const TROUBLE = Prisma.raw(String(THROTTLE_TROUBLE))
/** Host columns in the order of the rollups' arrays. */
const HOST = ['cpu_pct', 'mem_used_mib', 'disk_used_mib', 'net_rx', 'net_tx', 'load1']

/**
 * Minute rows from raw rows of [from, to): means, and the worst of each metric: the lowest margin, all throttle bits, else
 * the highest. The throttle's mean is the share of samples (in 0.1 %) with a bit that means trouble.
 */
export async function rollMinutes(tx: Tx, from: Date, to: Date, nodes: number[] | null): Promise<void> {
  const which = nodes ? Prisma.sql`and s.node = any(${nodes})` : Prisma.empty
  const host = (fn: string) => Prisma.raw(HOST.map((column) => `${fn}(s.${column})::real`).join(', '))
  await tx.$executeRaw`
    insert into telemetry.node_minute (at, node, samples, host_avg, host_peak, gpu_avg, gpu_peak)
    select h.at, h.node, h.samples, h.host_avg, h.host_peak, coalesce(g.avg, '{}'), coalesce(g.peak, '{}')
    from (
      select date_trunc('minute', s.at) as at, s.node, least(count(*), 32767)::smallint as samples,
        array[${host('avg')}] as host_avg, array[${host('max')}] as host_peak
      from telemetry.node_sample s where s.at >= ${from} and s.at < ${to} ${which} group by 1, 2) h
    left join (
      select at, node, array_agg(avg order by i) as avg, array_agg(peak order by i) as peak from (
        select date_trunc('minute', s.at) as at, s.node, u.i,
          (case when (u.i - 1) % ${N} = ${THROTTLE} then round(1000 * avg(case when u.v & ${TROUBLE} <> 0 then 1.0::float8 when u.v is not null then 0 end))
            else round(avg(u.v::float8)) end)::smallint as avg,
          (case (u.i - 1) % ${N} when ${MARGIN} then min(u.v) when ${THROTTLE} then bit_or(u.v) else max(u.v) end)::smallint as peak
        from telemetry.node_sample s, unnest(s.gpus) with ordinality as u(v, i)
        where s.at >= ${from} and s.at < ${to} ${which} group by 1, 2, 3) x group by 1, 2) g
    on g.at = h.at and g.node = h.node
    on conflict (node, at) do update set samples = excluded.samples, host_avg = excluded.host_avg, host_peak = excluded.host_peak,
      gpu_avg = excluded.gpu_avg, gpu_peak = excluded.gpu_peak`
}

/** Hour rows from minute rows, means weighted by samples. */
export async function rollHours(tx: Tx, from: Date, to: Date): Promise<void> {
  const weighted = Prisma.raw('sum(u.a::float8 * m.samples) / nullif(sum(m.samples) filter (where u.a is not null), 0)')
  await tx.$executeRaw`
    with m as (select date_trunc('hour', at) as hour, * from telemetry.node_minute where at >= ${from} and at < ${to})
    insert into telemetry.node_hour (at, node, samples, host_avg, host_peak, gpu_avg, gpu_peak)
    select n.hour, n.node, n.samples, coalesce(h.avg, '{}'), coalesce(h.peak, '{}'), coalesce(g.avg, '{}'), coalesce(g.peak, '{}')
    from (select hour, node, sum(samples)::int as samples from m group by 1, 2) n
    left join (
      select hour, node, array_agg(avg order by i) as avg, array_agg(peak order by i) as peak from (
        select m.hour, m.node, u.i, (${weighted})::real as avg, max(u.p)::real as peak
        from m, unnest(m.host_avg, m.host_peak) with ordinality as u(a, p, i) group by 1, 2, 3) x group by 1, 2) h
    on h.hour = n.hour and h.node = n.node
    left join (
      select hour, node, array_agg(avg order by i) as avg, array_agg(peak order by i) as peak from (
        select m.hour, m.node, u.i, round(${weighted})::smallint as avg,
          (case (u.i - 1) % ${N} when ${MARGIN} then min(u.p) when ${THROTTLE} then bit_or(u.p) else max(u.p) end)::smallint as peak
        from m, unnest(m.gpu_avg, m.gpu_peak) with ordinality as u(a, p, i) group by 1, 2, 3) x group by 1, 2) g
    on g.hour = n.hour and g.node = n.node
    on conflict (node, at) do update set samples = excluded.samples, host_avg = excluded.host_avg, host_peak = excluded.host_peak,
      gpu_avg = excluded.gpu_avg, gpu_peak = excluded.gpu_peak`
}

/** One row per organisation and minute, from the nodes' minute rows. */
export async function rollFleetMinutes(tx: Tx, from: Date, to: Date): Promise<void> {
  await tx.$executeRaw`
    insert into telemetry.fleet_minute (org_id, at, nodes, gpus, allocated, util_pct, mem_used_mib, power_w, max_temp_c)
    select f.org_id, f.at, f.nodes, f.gpus,
      (select count(*) from reservation r where r.org_id = f.org_id and r.created_at < f.at + interval '1 minute'
        and (r.released_at is null or r.released_at > f.at)),
      f.util / 10, f.mem * 16, f.power / 10, f.temp / 10
    from (
      select n.org_id, m.at, count(distinct m.node) as nodes,
        greatest(count(u.a) filter (where u.k = 0), count(u.a) filter (where u.k = 2), count(u.a) filter (where u.k = 3)) as gpus,
        avg(u.a::float8) filter (where u.k = 0) as util, sum(u.a::float8) filter (where u.k = 2) as mem,
        sum(u.a::float8) filter (where u.k = 5) as power, max(u.p::float8) filter (where u.k = 3) as temp
      from telemetry.node_minute m join node n on n.num = m.node
      left join lateral (
        select a, p, (i - 1) % ${N} as k from unnest(m.gpu_avg, m.gpu_peak) with ordinality as u(a, p, i)
        where (i - 1) % ${N} in (0, 2, 3, 5)) u on true
      where m.at >= ${from} and m.at < ${to} group by 1, 2) f
    on conflict (org_id, at) do update set nodes = excluded.nodes, gpus = excluded.gpus, allocated = excluded.allocated,
      util_pct = excluded.util_pct, mem_used_mib = excluded.mem_used_mib, power_w = excluded.power_w, max_temp_c = excluded.max_temp_c`
}
