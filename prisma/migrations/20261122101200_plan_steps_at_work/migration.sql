-- Every change of a replica asks which steps wait for it: only those that are at work are looked at, not all that ever were.
CREATE INDEX "plan_step_at_work" ON "plan_step" ("kind") WHERE "state" IN ('waiting', 'running');
