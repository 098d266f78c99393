-- SPDX-License-Identifier: Apache-2.0
-- Answers to renewals whose old token the cloud will not take again.
CREATE TABLE answer (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX answer_end ON answer (expires);