-- SPDX-License-Identifier: Apache-2.0
-- Whose database it is: the name of the key that its hashes and kept answers were made with.
CREATE TABLE portal_key (name TEXT NOT NULL);
