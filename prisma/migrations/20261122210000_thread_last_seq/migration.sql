-- The thread's row numbers its messages: one update finds the thread, locks it and gives the next place.
ALTER TABLE "thread" ADD COLUMN "last_seq" INTEGER NOT NULL DEFAULT 0;
UPDATE "thread" t SET "last_seq" = coalesce((SELECT max(m."seq") FROM "message" m WHERE m."thread_id" = t."id"), 0);
