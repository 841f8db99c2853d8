-- A move holds a workload for one plan, and remembers where it came from until it runs where it goes.
ALTER TABLE "workload" ADD COLUMN "moving_plan" TEXT, ADD COLUMN "return_to" JSONB;

-- What people say of a node stands over what the node says of itself, also after its next report.
ALTER TABLE "node" ADD COLUMN "label_overrides" JSONB NOT NULL DEFAULT '{}';

CREATE TABLE "secret" (
    "id" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "service" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rotated_by" TEXT,
    "rotated_at" TIMESTAMPTZ(3),

    CONSTRAINT "secret_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "secret_org_id_name_key" ON "secret"("org_id", "name");

CREATE TABLE "secret_version" (
    "secret_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "org_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_version_pkey" PRIMARY KEY ("secret_id","version")
);
CREATE UNIQUE INDEX "secret_version_step_id_key" ON "secret_version"("step_id");
ALTER TABLE "secret_version" ADD CONSTRAINT "secret_version_secret_id_fkey" FOREIGN KEY ("secret_id") REFERENCES "secret"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "secret_draft" (
    "plan_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "org_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "entered_by" TEXT NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_draft_pkey" PRIMARY KEY ("plan_id","revision")
);

-- A plain text can never be stored by mistake.
ALTER TABLE "secret_version" ADD CONSTRAINT "secret_version_sealed" CHECK ("sealed" LIKE 's1.%');
ALTER TABLE "secret_draft" ADD CONSTRAINT "secret_draft_sealed" CHECK ("sealed" LIKE 's1.%');
