-- What ran by itself in the last day is added up before each plan that might: found without walking over all plans.
CREATE INDEX "plan_by_policy" ON "plan" ("org_id", "decided_at") WHERE "decided_by" = 'policy';
