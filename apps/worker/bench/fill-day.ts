import type { SystemCtx } from '@clawbernetes/services/context'

/** A day of minute rows of every node up to an hour ago, written by the database itself: what queries walk over. */
export async function fillDay(sys: SystemCtx): Promise<void> {
  await sys.db
    .$executeRaw`select telemetry.ensure_partitions((now() - interval '2 days')::date, (now() + interval '1 day')::date)`
  // A hundred patterns of values, taken in turn: making each of 88 million values would take longer than storing them.
  await sys.db.$executeRaw`
    with pattern as materialized (
      select k, array_agg((500 + (k * 7 + i) % 400)::smallint order by i) as avg, array_agg((600 + (k * 5 + i) % 400)::smallint order by i) as peak
      from generate_series(0, 99) k, generate_series(1, 64) i group by k)
    insert into telemetry.node_minute (at, node, samples, host_avg, host_peak, gpu_avg, gpu_peak)
    select m, n.num, 6, array_fill(1::real, array[6]), array_fill(2::real, array[6]), p.avg, p.peak
    from generate_series(date_trunc('minute', now() - interval '24 hours'), date_trunc('minute', now() - interval '61 minutes'), interval '1 minute') m
    cross join node n join pattern p on p.k = (extract(epoch from m)::bigint / 60 + n.num) % 100
    on conflict do nothing`
  await sys.db.$executeRaw`
    insert into telemetry.fleet_minute (org_id, at, nodes, gpus, allocated, util_pct, mem_used_mib, power_w, max_temp_c)
    select o.id, m, 1000, 8000, 6000, 70, 1, 1, 70
    from generate_series(date_trunc('minute', now() - interval '24 hours'), date_trunc('minute', now() - interval '61 minutes'), interval '1 minute') m, organization o
    on conflict do nothing`
}
