-- CreateTable
CREATE TABLE "channel_connection" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "team_id" TEXT,
    "team_name" TEXT,
    "app_id" TEXT,
    "bot_user_id" TEXT,
    "bot_name" TEXT,
    "sealed_token" TEXT NOT NULL,
    "sealed_secret" TEXT,
    "public_key" TEXT,
    "state" TEXT NOT NULL DEFAULT 'checking',
    "problem" TEXT,
    "approve_role" TEXT NOT NULL DEFAULT 'operator',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checked_at" TIMESTAMPTZ(3),
    "paused_until" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_room" (
    "connection_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "is_private" BOOLEAN NOT NULL DEFAULT false,
    "answers" BOOLEAN NOT NULL DEFAULT true,
    "plan_waiting" BOOLEAN NOT NULL DEFAULT false,
    "plan_finished" BOOLEAN NOT NULL DEFAULT false,
    "findings" BOOLEAN NOT NULL DEFAULT false,
    "emergency" BOOLEAN NOT NULL DEFAULT false,
    "notify_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_room_pkey" PRIMARY KEY ("connection_id", "external_id")
);

-- CreateTable
CREATE TABLE "channel_identity" (
    "connection_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "external_name" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_identity_pkey" PRIMARY KEY ("connection_id", "external_id")
);

-- CreateTable
CREATE TABLE "channel_link" (
    "code_hash" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "external_name" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channel_link_pkey" PRIMARY KEY ("code_hash")
);

-- CreateTable
CREATE TABLE "channel_thread" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "thread_key" TEXT NOT NULL,
    "thread_id" TEXT NOT NULL,
    "posted_seq" INTEGER NOT NULL DEFAULT 0,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_thread_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_post" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "reply_to" TEXT,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "revision" INTEGER,
    "digest" TEXT,
    "shown_version" INTEGER NOT NULL DEFAULT -1,
    "shown_hash" TEXT,
    "external_ts" TEXT,
    "sealed_reply" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "problem" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_post_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "channel_connection_org_id_idx" ON "channel_connection"("org_id");

-- CreateIndex
CREATE INDEX "channel_connection_kind_team_id_idx" ON "channel_connection"("kind", "team_id");

-- CreateIndex
CREATE INDEX "channel_identity_user_id_idx" ON "channel_identity"("user_id");

-- CreateIndex
CREATE INDEX "channel_link_connection_id_external_id_idx" ON "channel_link"("connection_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "channel_thread_connection_id_channel_id_thread_key_key" ON "channel_thread"("connection_id", "channel_id", "thread_key");

-- CreateIndex
CREATE INDEX "channel_thread_thread_id_idx" ON "channel_thread"("thread_id");

-- CreateIndex
CREATE UNIQUE INDEX "channel_post_nonce_key" ON "channel_post"("nonce");

-- CreateIndex
CREATE UNIQUE INDEX "channel_post_connection_id_dedupe_key_key" ON "channel_post"("connection_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "channel_post_subject_id_idx" ON "channel_post"("subject_id");

-- CreateIndex
CREATE INDEX "channel_post_state_updated_at_idx" ON "channel_post"("state", "updated_at");

-- AddForeignKey
ALTER TABLE "channel_room" ADD CONSTRAINT "channel_room_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "channel_connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_identity" ADD CONSTRAINT "channel_identity_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "channel_connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_link" ADD CONSTRAINT "channel_link_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "channel_connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_thread" ADD CONSTRAINT "channel_thread_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "channel_connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_post" ADD CONSTRAINT "channel_post_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "channel_connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say ------------------------------------------------------------------------------

-- One bot in one workspace or server belongs to one organisation: what arrives there has one owner.
CREATE UNIQUE INDEX "channel_connection_bot" ON "channel_connection" ("kind", "team_id", "bot_user_id") WHERE "team_id" IS NOT NULL;
ALTER TABLE "channel_connection" ADD CONSTRAINT "channel_connection_kind" CHECK ("kind" IN ('slack', 'discord'));
ALTER TABLE "channel_connection" ADD CONSTRAINT "channel_connection_state" CHECK ("state" IN ('checking', 'active', 'broken'));
ALTER TABLE "channel_connection" ADD CONSTRAINT "channel_connection_approve_role" CHECK ("approve_role" IN ('operator', 'approver', 'admin', 'owner', 'nobody'));
ALTER TABLE "channel_post" ADD CONSTRAINT "channel_post_state" CHECK ("state" IN ('pending', 'posted', 'failed'));
