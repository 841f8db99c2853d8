-- Rollups read a few minutes of all nodes. Rows arrive in order of time, so a block range index of some kilobytes finds
-- them; without one, each round would walk over the whole day.
CREATE INDEX "node_sample_at" ON "telemetry"."node_sample" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX "node_minute_at" ON "telemetry"."node_minute" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
