-- What the running worker can do, for people: the web app shows the skills of the agent that answers, not those of a file of its own.
CREATE TABLE "skill_card" (
  "name" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "examples" JSONB NOT NULL DEFAULT '[]',
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "skill_card_pkey" PRIMARY KEY ("name")
);
