-- Why the emergency stop is on, in the words of whoever pulled it.
ALTER TABLE "org_settings" ADD COLUMN "frozen_reason" TEXT;

-- An approved plan that waits for a maintenance window, and who let it start before.
ALTER TABLE "plan" ADD COLUMN "not_before" TIMESTAMPTZ(3), ADD COLUMN "window_override_by" TEXT, ADD COLUMN "window_override_reason" TEXT;
CREATE INDEX "plan_parent_id_idx" ON "plan"("parent_id");

-- What the policy said when the card was made: a looser policy never makes the card easier afterwards.
ALTER TABLE "plan_revision" ADD COLUMN "ruling" JSONB;

-- Rows of the audit cannot be changed or deleted one by one (base migration); emptying the table at once is refused as well.
CREATE TRIGGER "audit_entry_kept" BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- The audit screen looks for people and actions.
CREATE INDEX "audit_entry_org_id_action_seq_idx" ON "audit_entry"("org_id", "action", "seq");
CREATE INDEX "audit_entry_org_id_actor_id_seq_idx" ON "audit_entry"("org_id", "actor_id", "seq");
