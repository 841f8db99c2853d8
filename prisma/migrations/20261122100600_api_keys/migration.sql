-- Keys of our own: see prisma/schema/api-keys.prisma for why. The table of better-auth's plugin was never used.
DROP TABLE "apikey";

CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "window_at" TIMESTAMPTZ(3),
    "window_count" INTEGER NOT NULL DEFAULT 0,
    "untrusted" JSONB NOT NULL DEFAULT '[]',
    "created_by_step" TEXT,
    "sealed" TEXT,
    "sealed_until" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
CREATE UNIQUE INDEX "api_key_created_by_step_key" ON "api_key"("created_by_step");
CREATE INDEX "api_key_org_id_user_id_idx" ON "api_key"("org_id", "user_id");

-- A sealed key always has an end.
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_sealed" CHECK ("sealed" IS NULL OR "sealed_until" IS NOT NULL);

-- The scopes of the key a message was sent with: the agent's turn has no more rights than they give. NULL: a session.
ALTER TABLE "agent_run" ADD COLUMN "scopes" TEXT;
