-- When somebody last signed in for it: how long a guest's profile lies unused is counted from there, too.
ALTER TABLE profile ADD COLUMN linked_at INTEGER;
