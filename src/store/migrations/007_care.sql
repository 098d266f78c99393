-- Seconds of service that a guest's profile stood unused for too long, as the clock on the wall has it.
ALTER TABLE profile ADD COLUMN overdue_seconds INTEGER NOT NULL DEFAULT 0;
