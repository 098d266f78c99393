-- Tables whose rows from before are plain text where it is sealed now (src/store/sealing.h).
CREATE TABLE unsealed (name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO unsealed VALUES ('audit'), ('job'), ('person'), ('profile'), ('shortcut');
