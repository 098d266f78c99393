-- Grants that the clouds still have to end; their tokens are in the Vault under the same id.
CREATE TABLE revocation (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tries INTEGER NOT NULL DEFAULT 0
);

-- Whether the cloud vouches for the address. Profiles from before were only taken with an allowed address that it did.
ALTER TABLE profile ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 1;
-- When the cloud last gave tokens: its count of days without use starts there.
ALTER TABLE profile ADD COLUMN renewed_at INTEGER;
