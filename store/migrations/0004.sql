-- Fewer pages to write for each booking: payments and print jobs stand under their parcel instead of
-- in a table with indexes beside it, and a job is found by its id while it is open.
CREATE TABLE payment_new(
	shipment BLOB NOT NULL REFERENCES shipment(id),
	pos INTEGER NOT NULL, -- from 1 in each parcel
	id BLOB NOT NULL CHECK(length(id) = 16),
	method TEXT NOT NULL, amount_fen INTEGER NOT NULL,
	reverses BLOB, -- a payment of the same parcel
	clerk BLOB, at_ms INTEGER NOT NULL,
	PRIMARY KEY(shipment, pos)
) STRICT, WITHOUT ROWID;
INSERT INTO payment_new SELECT shipment, row_number() OVER (PARTITION BY shipment ORDER BY seq), id,
	method, amount_fen, reverses, clerk, at_ms FROM payment ORDER BY shipment, seq;
DROP TABLE payment;
ALTER TABLE payment_new RENAME TO payment;
CREATE UNIQUE INDEX payment_reverses ON payment(reverses) WHERE reverses IS NOT NULL;
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'a payment is reversed, not edited'); END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'payments are kept'); END;
CREATE TRIGGER payment_other BEFORE INSERT ON payment WHEN NEW.reverses IS NOT NULL AND NOT EXISTS
	(SELECT 1 FROM payment WHERE shipment = NEW.shipment AND id = NEW.reverses)
BEGIN SELECT RAISE(ABORT, 'a reversal is of a payment of the same parcel'); END;

-- shipment: x'' for a paper that belongs to no parcel.
CREATE TABLE print_job_new(
	shipment BLOB NOT NULL, seq INTEGER NOT NULL,
	id BLOB NOT NULL CHECK(length(id) = 16),
	paper TEXT NOT NULL, template TEXT NOT NULL, print_no INTEGER NOT NULL,
	reason TEXT NOT NULL,
	state INTEGER NOT NULL, attempts INTEGER NOT NULL, cups_job INTEGER NOT NULL,
	trouble TEXT NOT NULL, message TEXT NOT NULL,
	clerk BLOB, created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,
	PRIMARY KEY(shipment, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO print_job_new SELECT coalesce(shipment, x''), seq, id, paper, template, print_no, reason,
	state, attempts, cups_job, trouble, message, clerk, created_ms, changed_ms
	FROM print_job ORDER BY 1, 2;
INSERT OR REPLACE INTO counter(name, value)
	SELECT 'print', coalesce(max(seq), 0) FROM print_job;
DROP TABLE print_job;
ALTER TABLE print_job_new RENAME TO print_job;
-- not done, not cancelled
CREATE UNIQUE INDEX print_job_open ON print_job(id) WHERE state NOT IN (2, 5);

-- A number that comes back is most often one of the last: it is looked for from the end.
DROP INDEX pool_number_shipment;
