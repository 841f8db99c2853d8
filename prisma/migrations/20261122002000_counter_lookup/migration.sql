-- The diagnosis asks every few seconds which counters moved in the last day, and which flags are up.
CREATE INDEX "gpu_counter_moved" ON "telemetry"."gpu_counter" ("at") WHERE "value" > 0;
CREATE INDEX "gpu_counter_flags" ON "telemetry"."gpu_counter" ("gpu_id") WHERE "value" > 0 AND "kind" IN ('remap-pending', 'remap-failure');
