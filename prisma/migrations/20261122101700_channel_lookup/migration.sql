-- The channels ask every few seconds whether the emergency stop was pulled or lifted lately; the log of a busy organisation is long.
CREATE INDEX "event_emergency" ON "event" ("room", "at") WHERE "kind" IN ('org.frozen', 'org.unfrozen');
-- Plans that ended lately.
CREATE INDEX "plan_finished" ON "plan" ("org_id", "finished_at") WHERE "finished_at" IS NOT NULL;
