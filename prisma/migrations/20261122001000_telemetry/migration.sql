-- Telemetry lives in a schema of its own: Prisma sees only `public`, so partitions and arrays are no drift to it.
-- Layout and its reasons: docs/telemetry.md. Numbers of nodes are public.node.num; GPUs stand at stable slots.
CREATE SCHEMA "telemetry";

-- A GPU keeps its place in its node's arrays, however the driver counts after the next boot.
CREATE TABLE "telemetry"."gpu_slot" (
  "gpu_id" text PRIMARY KEY,
  "node" int NOT NULL,
  "slot" smallint NOT NULL CHECK ("slot" BETWEEN 0 AND 31),
  -- Samples of this place before then belonged to another GPU.
  "since" timestamptz(3) NOT NULL,
  UNIQUE ("node", "slot")
);

-- One row per node and tick. gpus: 8 scaled small integers per slot, null = not reported. Host values need the range of a
-- float and are few. Written by COPY only; duplicates are kept out by batch_seen, so a plain index is enough.
CREATE TABLE "telemetry"."node_sample" (
  "at" timestamptz(3) NOT NULL,
  "node" int NOT NULL,
  "cpu_pct" real,
  "mem_used_mib" real,
  "disk_used_mib" real,
  "net_rx" real,
  "net_tx" real,
  "load1" real,
  "gpus" smallint[] NOT NULL
) PARTITION BY RANGE ("at");
CREATE INDEX "node_sample_node_at" ON "telemetry"."node_sample" ("node", "at");

CREATE TABLE "telemetry"."node_minute" (
  "at" timestamptz(3) NOT NULL,
  "node" int NOT NULL,
  -- Samples in this minute: the weight of its means.
  "samples" smallint NOT NULL,
  "host_avg" real[] NOT NULL,
  "host_peak" real[] NOT NULL,
  "gpu_avg" smallint[] NOT NULL,
  "gpu_peak" smallint[] NOT NULL,
  PRIMARY KEY ("node", "at")
) PARTITION BY RANGE ("at");

CREATE TABLE "telemetry"."node_hour" (LIKE "telemetry"."node_minute" INCLUDING CONSTRAINTS, PRIMARY KEY ("node", "at"))
  PARTITION BY RANGE ("at");
ALTER TABLE "telemetry"."node_hour" ALTER COLUMN "samples" TYPE int;

-- The whole organisation, a row a minute: the fleet's charts read one row per point.
CREATE TABLE "telemetry"."fleet_minute" (
  "org_id" text NOT NULL,
  "at" timestamptz(3) NOT NULL,
  "nodes" int NOT NULL,
  "gpus" int NOT NULL,
  "allocated" int NOT NULL,
  "util_pct" real,
  "mem_used_mib" real,
  "power_w" real,
  "max_temp_c" real,
  PRIMARY KEY ("org_id", "at")
);

-- The newest values of each node, in place: what live screens read every few seconds.
CREATE TABLE "telemetry"."latest" (
  "node" int PRIMARY KEY,
  "at" timestamptz(3) NOT NULL,
  "received_at" timestamptz(3) NOT NULL,
  "dropped" bigint NOT NULL DEFAULT 0,
  "cpu_pct" real,
  "mem_used_mib" real,
  "disk_used_mib" real,
  "net_rx" real,
  "net_tx" real,
  "load1" real,
  "gpus" smallint[] NOT NULL
) WITH (fillfactor = 60);

-- Processes on a node's GPUs, as last told: changes rarely, so it stays out of `latest`.
CREATE TABLE "telemetry"."gpu_process" (
  "node" int PRIMARY KEY,
  "at" timestamptz(3) NOT NULL,
  "processes" jsonb NOT NULL
);

-- Up to which batch each run of a node agent is stored: a repeated batch finds its number here and is stored once.
CREATE TABLE "telemetry"."batch_seen" (
  "node" int NOT NULL,
  "boot_id" text NOT NULL,
  "seq" bigint NOT NULL,
  "seen_at" timestamptz(3) NOT NULL,
  PRIMARY KEY ("node", "boot_id")
) WITH (fillfactor = 60);

-- Counters change rarely and overflow small integers: a row per change. A volatile one restarts with the driver.
CREATE TABLE "telemetry"."gpu_counter" (
  "gpu_id" text NOT NULL,
  "kind" text NOT NULL,
  "location" text NOT NULL,
  "scope" text NOT NULL,
  "boot_id" text NOT NULL,
  "value" bigint NOT NULL,
  "at" timestamptz(3) NOT NULL,
  PRIMARY KEY ("gpu_id", "kind", "location", "scope", "at")
);

-- Minutes that were rolled up before some of their samples arrived (a node was cut off and delivered its buffer).
CREATE TABLE "telemetry"."late_minute" (
  "node" int NOT NULL,
  "at" timestamptz(3) NOT NULL,
  PRIMARY KEY ("at", "node")
);

-- How far each rollup is done: after a downtime it goes on from there.
CREATE TABLE "telemetry"."rollup_state" (
  "kind" text PRIMARY KEY,
  "done_until" timestamptz(3) NOT NULL
);

-- Creates the partitions of the days from `first` to `last` (UTC) that are not there yet. Safe to call at once from many.
CREATE FUNCTION "telemetry"."ensure_partitions"("first" date, "last" date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  d date;
  base text;
  lower_bound date;
  upper_bound date;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('telemetry.partitions'));
  FOR d IN SELECT generate_series(first, last, interval '1 day')::date LOOP
    FOREACH base IN ARRAY ARRAY['node_sample', 'node_minute', 'node_hour'] LOOP
      lower_bound := CASE base WHEN 'node_hour' THEN date_trunc('month', d)::date ELSE d END;
      upper_bound := CASE base WHEN 'node_hour' THEN (date_trunc('month', d) + interval '1 month')::date ELSE d + 1 END;
      part := base || '_' || to_char(lower_bound, 'YYYYMMDD');
      IF to_regclass(format('telemetry.%I', part)) IS NULL THEN
        EXECUTE format('CREATE TABLE telemetry.%I PARTITION OF telemetry.%I FOR VALUES FROM (%L) TO (%L)',
          part, base, lower_bound || ' 00:00:00+00', upper_bound || ' 00:00:00+00');
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- Drops the partitions of `base` that end at or before `before`; says how many. A drop takes milliseconds, a DELETE hours.
CREATE FUNCTION "telemetry"."drop_partitions"("base" text, "before" date) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  part record;
  dropped int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('telemetry.partitions'));
  FOR part IN
    SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') AS lower_bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('telemetry.%I', base)::regclass
  LOOP
    IF (CASE base WHEN 'node_hour' THEN (part.lower_bound + interval '1 month')::date ELSE part.lower_bound + 1 END) <= before THEN
      EXECUTE format('DROP TABLE telemetry.%I', part.relname);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

-- Which gateway process holds a node's one connection. A newer proven connection replaces the row; the process that
-- finds another name in it closes its own.
CREATE SCHEMA "gateway";
CREATE TABLE "gateway"."connection" (
  "node_id" text PRIMARY KEY,
  "connection_id" text NOT NULL,
  "gateway_id" text NOT NULL,
  "since" timestamptz(3) NOT NULL
);

-- A node's key is its identity: enrolling with the same key again (a lost answer) finds the node instead of making a second.
CREATE UNIQUE INDEX "node_public_key_live" ON "node" ("public_key") WHERE "removed_at" IS NULL;
