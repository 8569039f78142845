-- When the platform confirmed an operation, by the platform's clock: what it may have lost after a
-- restore from a backup is sent again. 0: before this step, or not confirmed.
ALTER TABLE outbox ADD COLUMN acked_ms INTEGER NOT NULL DEFAULT 0;
