-- How much of one kind one owner left in the audit log.
CREATE INDEX audit_kind ON audit (what, who, number);
