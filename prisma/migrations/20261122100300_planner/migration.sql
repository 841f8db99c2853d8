-- What a turn read that machines or strangers wrote: later turns of the thread, and what they propose, carry it on.
ALTER TABLE "agent_run" ADD COLUMN "untrusted" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "planner_settings" (
  "org_id" TEXT NOT NULL,
  "provider" TEXT,
  "model" TEXT,
  "base_url" TEXT,
  "key_sealed" TEXT,
  "key_tail" TEXT,
  "input_price_micro_usd" INTEGER,
  "output_price_micro_usd" INTEGER,
  "budgets" JSONB NOT NULL DEFAULT '{}',
  "updated_by" TEXT NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "planner_settings_pkey" PRIMARY KEY ("org_id")
);

CREATE TABLE "planner_usage" (
  "org_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "model" TEXT NOT NULL,
  "turns" INTEGER NOT NULL DEFAULT 0,
  "model_calls" INTEGER NOT NULL DEFAULT 0,
  "tool_calls" INTEGER NOT NULL DEFAULT 0,
  "input_tokens" BIGINT NOT NULL DEFAULT 0,
  "output_tokens" BIGINT NOT NULL DEFAULT 0,
  "estimated_tokens" BIGINT NOT NULL DEFAULT 0,
  "unpriced_tokens" BIGINT NOT NULL DEFAULT 0,
  "cost_micro_usd" BIGINT NOT NULL DEFAULT 0,
  "fallbacks" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "planner_usage_pkey" PRIMARY KEY ("org_id", "day", "model")
);

CREATE TABLE "planner_test" (
  "id" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "asked_by" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'queued',
  "provider" TEXT,
  "model" TEXT,
  "latency_ms" INTEGER,
  "first_words_ms" INTEGER,
  "sample" TEXT,
  "error" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "planner_test_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "planner_test_org_id_created_at_idx" ON "planner_test"("org_id", "created_at");
