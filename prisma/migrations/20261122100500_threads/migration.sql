-- Conversations are found by words inside them; three letters in a row are what the index knows.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A title that a person gave stays; the others are computed from the first request.
ALTER TABLE "thread" ADD COLUMN "titled_by_hand" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "thread_title_trgm" ON "thread" USING gin ("title" gin_trgm_ops);
CREATE INDEX "message_text_trgm" ON "message" USING gin ("text" gin_trgm_ops);

-- How far a person has read a conversation.
CREATE TABLE "thread_read" (
  "thread_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "thread_read_pkey" PRIMARY KEY ("thread_id", "user_id"),
  CONSTRAINT "thread_read_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "thread"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
