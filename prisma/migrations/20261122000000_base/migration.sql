-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('queued', 'running', 'done', 'failed', 'stopped');

-- CreateEnum
CREATE TYPE "FindingState" AS ENUM ('open', 'cleared');

-- CreateEnum
CREATE TYPE "NodeStatus" AS ENUM ('joining', 'online', 'offline', 'incompatible', 'lost');

-- CreateEnum
CREATE TYPE "GpuHealth" AS ENUM ('ok', 'suspect', 'quarantined', 'resetting', 'failed');

-- CreateEnum
CREATE TYPE "CommandState" AS ENUM ('queued', 'sent', 'succeeded', 'failed', 'refused', 'expired');

-- CreateEnum
CREATE TYPE "PlanState" AS ENUM ('proposed', 'approved', 'running', 'succeeded', 'partial', 'failed', 'cancelled', 'rejected', 'expired', 'stale', 'withdrawn', 'compensating', 'compensated', 'needs_attention');

-- CreateEnum
CREATE TYPE "StepState" AS ENUM ('pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'compensating', 'compensated');

-- CreateEnum
CREATE TYPE "WorkloadKind" AS ENUM ('training', 'service', 'batch', 'job');

-- CreateEnum
CREATE TYPE "WorkloadStatus" AS ENUM ('pending', 'placed', 'starting', 'running', 'degraded', 'stopping', 'stopped', 'succeeded', 'failed');

-- CreateTable
CREATE TABLE "thread" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'web',
    "dialogue" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "thread_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "thread_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "author_id" TEXT,
    "run_id" TEXT,
    "text" TEXT NOT NULL,
    "blocks" JSONB NOT NULL DEFAULT '[]',
    "context" JSONB,
    "channel" TEXT NOT NULL DEFAULT 'web',
    "state" TEXT NOT NULL DEFAULT 'complete',
    "error" TEXT,
    "client_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_run" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "thread_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'turn',
    "on_behalf_of" TEXT NOT NULL,
    "message_id" TEXT,
    "plan_id" TEXT,
    "state" "RunState" NOT NULL DEFAULT 'queued',
    "planner" TEXT,
    "error" TEXT,
    "stop_requested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tool_call" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "args" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "result" JSONB,
    "error" TEXT,
    "untrusted" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "duration_ms" INTEGER,

    CONSTRAINT "tool_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_event" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "gpu_id" TEXT,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "code" INTEGER,
    "line" TEXT,
    "replica_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "health_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finding" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "gpu_id" TEXT,
    "rule" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "state" "FindingState" NOT NULL DEFAULT 'open',
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "num" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "status" "NodeStatus" NOT NULL DEFAULT 'joining',
    "status_reason" TEXT,
    "public_key" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "assignment_version" INTEGER NOT NULL DEFAULT 0,
    "agent_version" TEXT NOT NULL,
    "agent_boot_id" TEXT,
    "protocol" INTEGER NOT NULL,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "inventory" JSONB NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "cpu_cores" INTEGER NOT NULL,
    "memory_mib" INTEGER NOT NULL,
    "cordoned_at" TIMESTAMPTZ(3),
    "cordoned_by" TEXT,
    "cordon_reason" TEXT,
    "cordon_expires_at" TIMESTAMPTZ(3),
    "join_token_id" TEXT,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "connected_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gpu" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "uuid" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "vendor" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "gpu_model" TEXT NOT NULL,
    "memory_mib" INTEGER,
    "facts" JSONB NOT NULL,
    "health" "GpuHealth" NOT NULL DEFAULT 'ok',
    "health_reason" TEXT,
    "readability" TEXT NOT NULL DEFAULT 'ok',
    "missing_since" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gpu_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_token" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "max_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "join_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node_command" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "state" "CommandState" NOT NULL DEFAULT 'queued',
    "message" TEXT,
    "data" JSONB,
    "step_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_command_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    "activeOrganizationId" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "logo" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "metadata" TEXT,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "inviterId" TEXT NOT NULL,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "apikey" (
    "id" TEXT NOT NULL,
    "configId" TEXT NOT NULL DEFAULT 'default',
    "name" TEXT,
    "start" TEXT,
    "referenceId" TEXT NOT NULL,
    "prefix" TEXT,
    "key" TEXT NOT NULL,
    "refillInterval" INTEGER,
    "refillAmount" INTEGER,
    "lastRefillAt" TIMESTAMP(3),
    "enabled" BOOLEAN DEFAULT true,
    "rateLimitEnabled" BOOLEAN DEFAULT true,
    "rateLimitTimeWindow" INTEGER DEFAULT 86400000,
    "rateLimitMax" INTEGER DEFAULT 10,
    "requestCount" INTEGER DEFAULT 0,
    "remaining" INTEGER,
    "lastRequest" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "permissions" TEXT,
    "metadata" TEXT,

    CONSTRAINT "apikey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "org_settings" (
    "organization_id" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "policy_preset" TEXT NOT NULL DEFAULT 'balanced',
    "policy" JSONB NOT NULL DEFAULT '{}',
    "policy_version" INTEGER NOT NULL DEFAULT 1,
    "frozen_at" TIMESTAMPTZ(3),
    "frozen_by" TEXT,
    "next_plan_number" INTEGER NOT NULL DEFAULT 101,
    "demo_scenario" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "org_settings_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "event" (
    "seq" BIGSERIAL NOT NULL,
    "org_id" TEXT NOT NULL,
    "room" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "entity_version" INTEGER NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "org_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "on_behalf_of" TEXT,
    "via" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_beat" (
    "pool_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_beat_pkey" PRIMARY KEY ("pool_id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "PlanState" NOT NULL DEFAULT 'proposed',
    "state_reason" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "intent" TEXT NOT NULL,
    "thread_id" TEXT,
    "run_id" TEXT,
    "proposed_by" TEXT NOT NULL,
    "proposer_kind" TEXT NOT NULL DEFAULT 'agent',
    "parent_id" TEXT,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_revision" (
    "plan_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "org_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "risk" TEXT NOT NULL,
    "approvals_needed" INTEGER NOT NULL DEFAULT 1,
    "policy_version" INTEGER NOT NULL,
    "edited_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_revision_pkey" PRIMARY KEY ("plan_id","revision")
);

-- CreateTable
CREATE TABLE "plan_step" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "args" JSONB NOT NULL,
    "title" TEXT NOT NULL,
    "state" "StepState" NOT NULL DEFAULT 'pending',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress" TEXT,
    "result" JSONB,
    "error_code" TEXT,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "deadline_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "reason" TEXT,
    "via" TEXT NOT NULL,
    "quote" TEXT,
    "self_approved" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workload" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "WorkloadKind" NOT NULL,
    "status" "WorkloadStatus" NOT NULL DEFAULT 'pending',
    "status_reason" TEXT,
    "desired" TEXT NOT NULL DEFAULT 'run',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "spec" JSONB NOT NULL,
    "replicas_wanted" INTEGER NOT NULL DEFAULT 1,
    "gpus_per_replica" INTEGER NOT NULL DEFAULT 0,
    "owner_id" TEXT NOT NULL,
    "plan_id" TEXT,
    "created_by_step" TEXT,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "pending_reasons" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replica" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "desired" TEXT NOT NULL DEFAULT 'run',
    "spec" JSONB NOT NULL,
    "node_epoch" INTEGER NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'assigned',
    "status_seq" INTEGER NOT NULL DEFAULT -1,
    "exit_code" INTEGER,
    "signal" TEXT,
    "oom_killed" BOOLEAN,
    "gpu_verified" BOOLEAN,
    "restarts" INTEGER NOT NULL DEFAULT 0,
    "endpoints" JSONB NOT NULL DEFAULT '[]',
    "reason_code" TEXT,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "log_seq" INTEGER NOT NULL DEFAULT -1,
    "created_by_step" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "gpu_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "replica_id" TEXT,
    "plan_id" TEXT,
    "step_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "hold_until" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workload_log" (
    "id" BIGSERIAL NOT NULL,
    "org_id" TEXT NOT NULL,
    "workload_id" TEXT NOT NULL,
    "replica_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "stream" TEXT NOT NULL,
    "level" TEXT,
    "text" TEXT NOT NULL,

    CONSTRAINT "workload_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workload_metric" (
    "workload_id" TEXT NOT NULL,
    "replica_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "workload_metric_pkey" PRIMARY KEY ("workload_id","name","replica_id","step")
);

-- CreateIndex
CREATE INDEX "thread_org_id_updated_at_idx" ON "thread"("org_id", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "message_thread_id_seq_key" ON "message"("thread_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "message_thread_id_client_key_key" ON "message"("thread_id", "client_key");

-- CreateIndex
CREATE INDEX "agent_run_thread_id_idx" ON "agent_run"("thread_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_run_plan_id_kind_key" ON "agent_run"("plan_id", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "tool_call_run_id_ordinal_key" ON "tool_call"("run_id", "ordinal");

-- CreateIndex
CREATE INDEX "health_event_org_id_at_idx" ON "health_event"("org_id", "at");

-- CreateIndex
CREATE INDEX "health_event_gpu_id_at_idx" ON "health_event"("gpu_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "health_event_node_id_key_key" ON "health_event"("node_id", "key");

-- CreateIndex
CREATE INDEX "finding_org_id_state_idx" ON "finding"("org_id", "state");

-- CreateIndex
CREATE INDEX "finding_node_id_state_idx" ON "finding"("node_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "node_num_key" ON "node"("num");

-- CreateIndex
CREATE INDEX "node_org_id_status_idx" ON "node"("org_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "node_org_id_name_key" ON "node"("org_id", "name");

-- CreateIndex
CREATE INDEX "gpu_node_id_index_idx" ON "gpu"("node_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "gpu_org_id_uuid_key" ON "gpu"("org_id", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "join_token_token_hash_key" ON "join_token"("token_hash");

-- CreateIndex
CREATE INDEX "join_token_org_id_idx" ON "join_token"("org_id");

-- CreateIndex
CREATE INDEX "node_command_node_id_state_idx" ON "node_command"("node_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "organization_slug_key" ON "organization"("slug");

-- CreateIndex
CREATE INDEX "member_userId_idx" ON "member"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "member_organizationId_userId_key" ON "member"("organizationId", "userId");

-- CreateIndex
CREATE INDEX "invitation_organizationId_idx" ON "invitation"("organizationId");

-- CreateIndex
CREATE INDEX "invitation_email_idx" ON "invitation"("email");

-- CreateIndex
CREATE INDEX "apikey_key_idx" ON "apikey"("key");

-- CreateIndex
CREATE INDEX "apikey_referenceId_idx" ON "apikey"("referenceId");

-- CreateIndex
CREATE INDEX "apikey_configId_idx" ON "apikey"("configId");

-- CreateIndex
CREATE UNIQUE INDEX "rate_limit_key_key" ON "rate_limit"("key");

-- CreateIndex
CREATE INDEX "event_org_id_seq_idx" ON "event"("org_id", "seq");

-- CreateIndex
CREATE INDEX "event_room_seq_idx" ON "event"("room", "seq");

-- CreateIndex
CREATE INDEX "audit_entry_org_id_at_idx" ON "audit_entry"("org_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_org_id_seq_key" ON "audit_entry"("org_id", "seq");

-- CreateIndex
CREATE INDEX "plan_org_id_state_idx" ON "plan"("org_id", "state");

-- CreateIndex
CREATE INDEX "plan_thread_id_idx" ON "plan"("thread_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_org_id_number_key" ON "plan"("org_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "plan_step_plan_id_revision_ordinal_key" ON "plan_step"("plan_id", "revision", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "approval_plan_id_revision_user_id_key" ON "approval"("plan_id", "revision", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "workload_created_by_step_key" ON "workload"("created_by_step");

-- CreateIndex
CREATE INDEX "workload_org_id_status_idx" ON "workload"("org_id", "status");

-- CreateIndex
CREATE INDEX "workload_org_id_name_idx" ON "workload"("org_id", "name");

-- CreateIndex
CREATE INDEX "replica_workload_id_idx" ON "replica"("workload_id");

-- CreateIndex
CREATE INDEX "replica_node_id_closed_at_idx" ON "replica"("node_id", "closed_at");

-- CreateIndex
CREATE INDEX "replica_org_id_closed_at_idx" ON "replica"("org_id", "closed_at");

-- CreateIndex
CREATE INDEX "reservation_workload_id_idx" ON "reservation"("workload_id");

-- CreateIndex
CREATE INDEX "reservation_replica_id_idx" ON "reservation"("replica_id");

-- CreateIndex
CREATE INDEX "reservation_gpu_id_idx" ON "reservation"("gpu_id");

-- CreateIndex
CREATE INDEX "workload_log_workload_id_id_idx" ON "workload_log"("workload_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "workload_log_replica_id_seq_key" ON "workload_log"("replica_id", "seq");

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "thread"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_run" ADD CONSTRAINT "agent_run_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "thread"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "agent_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gpu" ADD CONSTRAINT "gpu_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_inviterId_fkey" FOREIGN KEY ("inviterId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_revision" ADD CONSTRAINT "plan_revision_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_step" ADD CONSTRAINT "plan_step_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replica" ADD CONSTRAINT "replica_workload_id_fkey" FOREIGN KEY ("workload_id") REFERENCES "workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replica" ADD CONSTRAINT "replica_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_gpu_id_fkey" FOREIGN KEY ("gpu_id") REFERENCES "gpu"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_replica_id_fkey" FOREIGN KEY ("replica_id") REFERENCES "replica"("id") ON DELETE SET NULL ON UPDATE CASCADE;



-- What Prisma's schema cannot say ------------------------------------------------------------------------------

-- One live claim per GPU: two placements that race for a GPU end with one winner, whatever the code above does.
CREATE UNIQUE INDEX "reservation_one_live_per_gpu" ON "reservation" ("gpu_id") WHERE "released_at" IS NULL;

-- A workload's name is unique among those that are not deleted: people and the agent name it in sentences.
CREATE UNIQUE INDEX "workload_name_live" ON "workload" ("org_id", "name") WHERE "deleted_at" IS NULL;

-- A replica place (ordinal) of a workload is taken once per attempt.
CREATE UNIQUE INDEX "replica_place_live" ON "replica" ("workload_id", "ordinal") WHERE "closed_at" IS NULL;
-- A repeated step finds the replica that it made before instead of making a second one.
CREATE UNIQUE INDEX "replica_by_step" ON "replica" ("created_by_step", "ordinal") WHERE "created_by_step" IS NOT NULL;

-- One open finding per rule and target.
CREATE UNIQUE INDEX "finding_one_open" ON "finding" ("node_id", COALESCE("gpu_id", ''), "rule") WHERE "state" = 'open';

ALTER TABLE "join_token" ADD CONSTRAINT "join_token_uses" CHECK ("uses" >= 0 AND "uses" <= "max_uses");
ALTER TABLE "workload" ADD CONSTRAINT "workload_desired" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "replica" ADD CONSTRAINT "replica_desired" CHECK ("desired" IN ('run', 'stop'));
ALTER TABLE "approval" ADD CONSTRAINT "approval_decision" CHECK ("decision" IN ('approve', 'reject'));
ALTER TABLE "plan_revision" ADD CONSTRAINT "plan_revision_risk" CHECK ("risk" IN ('read', 'low', 'medium', 'high', 'critical'));

-- What was approved, who decided and what was audited never changes afterwards.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER "plan_revision_immutable" BEFORE UPDATE ON "plan_revision" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "approval_immutable" BEFORE UPDATE ON "approval" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_entry_immutable" BEFORE UPDATE OR DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION refuse_change();
