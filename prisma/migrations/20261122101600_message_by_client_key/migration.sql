-- A repeated send that starts a conversation finds its first message by the sender's key, without knowing the thread.
CREATE INDEX "message_client_key_idx" ON "message"("client_key");
