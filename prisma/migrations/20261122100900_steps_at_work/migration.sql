-- Every change of a workload asks which steps wait for it: few are at work at any time, however many plans there were.
CREATE INDEX "plan_step_at_work" ON "plan_step" ("kind") WHERE "state" IN ('waiting', 'running');
