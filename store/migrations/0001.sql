-- The station's records. Ids are 16-byte UUIDv7; money is fen, mass grams, moments ms since 1970
-- (UTC).
-- Order comes from seq, never from a moment. Triggers refuse what the house rules refuse.
PRAGMA application_id=2054842479;

-- How long personal columns are kept, by kind of record. keep_days 0: as long as the station
-- works.
CREATE TABLE retention(
	kind TEXT PRIMARY KEY,
	personal TEXT NOT NULL,
	purpose TEXT NOT NULL,
	keep_days INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO retention(kind, personal, purpose, keep_days) VALUES
	('clerk', 'login name pin_hash', 'sign in; who answers for a record', 0),
	('contact', 'name phone company region detail postcode search', 'fill in the next parcel',
	1095),
	('farmer', 'id_last4 id_sealed payee account_tail uscc', 'buy from and pay the farmer',
	1095),
	('consent', 'contact', 'prove what was agreed to', 1095),
	('party', 'name phone company region detail postcode', 'deliver and answer for a parcel',
	365),
	('shipment', 'id_last4 remark', 'real-name rule of postal safety', 365),
	('shipment_search', 'text', 'find a parcel at the counter', 365),
	('outbox_body', 'body', 'post to the platform; after the ack only its digest is needed',
	30),
	('draft', 'body', 'go on with an unfinished form', 30);

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE station(
	one INTEGER PRIMARY KEY CHECK(one = 1),
	id TEXT NOT NULL, name TEXT NOT NULL, level TEXT NOT NULL, code TEXT NOT NULL,
	parent TEXT NOT NULL,
	phone TEXT NOT NULL, region TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;

CREATE TABLE clerk(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
	pin_hash TEXT NOT NULL,
	lang TEXT NOT NULL, active INTEGER NOT NULL, failures INTEGER NOT NULL,
	locked_until_ms INTEGER NOT NULL
) STRICT;

-- Revisions: the row with current = 1 is read, the others are history.
CREATE TABLE contact(
	seq INTEGER PRIMARY KEY,
	current INTEGER NOT NULL CHECK(current IN (0, 1)),
	id BLOB NOT NULL CHECK(length(id) = 16), rev INTEGER NOT NULL,
	name TEXT NOT NULL, phone TEXT NOT NULL, company TEXT NOT NULL, code TEXT NOT NULL,
	region TEXT NOT NULL,
	detail TEXT NOT NULL, postcode TEXT NOT NULL, search TEXT NOT NULL,
	clerk BLOB, at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_rev ON contact(id, rev);
CREATE UNIQUE INDEX contact_current ON contact(id) WHERE current = 1;
CREATE INDEX contact_phone ON contact(phone) WHERE current = 1;
-- used rises with every save and every parcel: the list shows the lately used first.
CREATE TABLE contact_use(contact BLOB PRIMARY KEY, used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX contact_used ON contact_use(used);

CREATE TABLE farmer(
	seq INTEGER PRIMARY KEY,
	current INTEGER NOT NULL CHECK(current IN (0, 1)),
	contact BLOB NOT NULL CHECK(length(contact) = 16), rev INTEGER NOT NULL,
	kind TEXT NOT NULL, id_type TEXT NOT NULL, id_last4 TEXT NOT NULL, id_sealed BLOB,
	id_recipient TEXT NOT NULL, uscc TEXT NOT NULL, subject_code TEXT NOT NULL,
	village TEXT NOT NULL,
	payee TEXT NOT NULL, account_tail TEXT NOT NULL, clerk BLOB, at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX farmer_rev ON farmer(contact, rev);
CREATE UNIQUE INDEX farmer_current ON farmer(contact) WHERE current = 1;

CREATE TABLE consent(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16), contact BLOB NOT NULL,
	purpose TEXT NOT NULL, wording TEXT NOT NULL, how TEXT NOT NULL,
	clerk BLOB, given_ms INTEGER NOT NULL, withdrawn_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_contact ON consent(contact, purpose);

CREATE TABLE product(
	seq INTEGER PRIMARY KEY,
	current INTEGER NOT NULL CHECK(current IN (0, 1)),
	id BLOB NOT NULL CHECK(length(id) = 16), rev INTEGER NOT NULL,
	item_no TEXT NOT NULL, name TEXT NOT NULL, class_code TEXT NOT NULL, origin TEXT NOT NULL,
	tier314 TEXT NOT NULL, leading TEXT NOT NULL, unit TEXT NOT NULL,
	content_g INTEGER NOT NULL,
	grades TEXT NOT NULL, price_fen INTEGER NOT NULL, shelf_days INTEGER NOT NULL,
	storage TEXT NOT NULL,
	doc_rule TEXT NOT NULL, gtin TEXT NOT NULL, hs10 TEXT NOT NULL, farmer BLOB,
	search TEXT NOT NULL,
	clerk BLOB, at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX product_rev ON product(id, rev);
CREATE UNIQUE INDEX product_current ON product(id) WHERE current = 1;
CREATE UNIQUE INDEX product_item ON product(item_no) WHERE current = 1;

CREATE TABLE shipment(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	station_no TEXT NOT NULL UNIQUE, waybill_no TEXT NOT NULL,
	courier TEXT NOT NULL, carrier TEXT NOT NULL, service TEXT NOT NULL,
	product_line TEXT NOT NULL,
	pieces INTEGER NOT NULL, weight_g INTEGER NOT NULL, billed_g INTEGER NOT NULL,
	freight_fen INTEGER NOT NULL, insured_fen INTEGER NOT NULL,
	insurance_fen INTEGER NOT NULL,
	packing_fen INTEGER NOT NULL, total_fen INTEGER NOT NULL,
	tariff TEXT NOT NULL, tariff_row INTEGER NOT NULL, payer TEXT NOT NULL,
	id_type TEXT NOT NULL, id_last4 TEXT NOT NULL,
	identity_seen INTEGER NOT NULL, inspected INTEGER NOT NULL, terms_read INTEGER NOT NULL,
	remark TEXT NOT NULL, state INTEGER NOT NULL, void_reason TEXT NOT NULL,
	clerk BLOB, void_clerk BLOB, booked_ms INTEGER NOT NULL, voided_ms INTEGER NOT NULL,
	op BLOB
) STRICT;
-- A number that came back from a void parcel (state 2) may be used by another one.
CREATE UNIQUE INDEX shipment_waybill ON shipment(waybill_no, courier)
	WHERE waybill_no <> '' AND state <> 2;
CREATE INDEX shipment_void ON shipment(waybill_no) WHERE state = 2;
CREATE INDEX shipment_booked ON shipment(booked_ms);
CREATE TABLE shipment_search(shipment INTEGER PRIMARY KEY REFERENCES shipment, text TEXT NOT NULL)
	STRICT;

CREATE TABLE party(
	shipment INTEGER NOT NULL REFERENCES shipment,
	role INTEGER NOT NULL CHECK(role IN (0, 1)), -- sender, receiver
	contact BLOB, name TEXT NOT NULL, phone TEXT NOT NULL, company TEXT NOT NULL,
	code TEXT NOT NULL,
	region TEXT NOT NULL, detail TEXT NOT NULL, postcode TEXT NOT NULL,
	PRIMARY KEY(shipment, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_sender ON party(contact, shipment) WHERE role = 0 AND contact IS NOT NULL;

CREATE TABLE line(
	shipment INTEGER NOT NULL REFERENCES shipment, pos INTEGER NOT NULL,
	product BLOB, name TEXT NOT NULL, qty_milli INTEGER NOT NULL, unit TEXT NOT NULL,
	mass_g INTEGER NOT NULL,
	PRIMARY KEY(shipment, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	shipment BLOB NOT NULL REFERENCES shipment(id),
	method TEXT NOT NULL, amount_fen INTEGER NOT NULL, reverses BLOB REFERENCES payment(id),
	clerk BLOB, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_shipment ON payment(shipment);
CREATE INDEX payment_at ON payment(at_ms);
CREATE UNIQUE INDEX payment_reverses ON payment(reverses) WHERE reverses IS NOT NULL;

-- ord: the place in the queue. A repair stands where the operation stood that it supersedes.
CREATE TABLE outbox(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	ord INTEGER NOT NULL, agg TEXT NOT NULL, agg_ver INTEGER NOT NULL,
	kind TEXT NOT NULL, schema INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK(length(digest) = 32),
	supersedes BLOB, superseded_by INTEGER, created_ms INTEGER NOT NULL,
	mono_ms INTEGER NOT NULL,
	boot_id TEXT NOT NULL, trust INTEGER NOT NULL, clerk BLOB,
	state INTEGER NOT NULL, attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL,
	code TEXT NOT NULL, reason TEXT NOT NULL, field TEXT NOT NULL, server_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_agg ON outbox(agg, agg_ver);
CREATE INDEX outbox_open ON outbox(state, ord) WHERE state IN (0, 2, 4); -- pending, dead, held
-- Apart from the row whose state moves, so that an ack does not write the body again. NULL:
-- erased, the digest stays.
CREATE TABLE outbox_body(seq INTEGER PRIMARY KEY REFERENCES outbox, body BLOB) STRICT;
CREATE TABLE outbox_need(
	op INTEGER NOT NULL REFERENCES outbox, pos INTEGER NOT NULL,
	need INTEGER NOT NULL REFERENCES outbox,
	PRIMARY KEY(op, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_needed ON outbox_need(need);

CREATE TABLE print_job(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	paper TEXT NOT NULL, template TEXT NOT NULL, shipment BLOB, print_no INTEGER NOT NULL,
	reason TEXT NOT NULL,
	state INTEGER NOT NULL, attempts INTEGER NOT NULL, cups_job INTEGER NOT NULL,
	trouble TEXT NOT NULL,
	message TEXT NOT NULL, clerk BLOB, created_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_shipment ON print_job(shipment, seq);
-- not done, not cancelled
CREATE INDEX print_job_open ON print_job(state) WHERE state NOT IN (2, 5);

CREATE TABLE pool(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	courier TEXT NOT NULL, source TEXT NOT NULL, lease_id TEXT NOT NULL, prefix TEXT NOT NULL,
	suffix TEXT NOT NULL,
	width INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, next INTEGER NOT NULL,
	check_rule TEXT NOT NULL,
	CHECK(lo <= hi AND next BETWEEN lo AND hi + 1)
) STRICT;
-- Which parcel has which number. state: 0 used, 1 free again, 2 burned.
CREATE TABLE pool_number(
	pool INTEGER NOT NULL REFERENCES pool, number INTEGER NOT NULL, shipment BLOB,
	state INTEGER NOT NULL,
	PRIMARY KEY(pool, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX pool_number_shipment ON pool_number(shipment);
CREATE INDEX pool_number_free ON pool_number(pool, number) WHERE state = 1;

CREATE TABLE audit(
	seq INTEGER PRIMARY KEY,
	at_ms INTEGER NOT NULL, clerk BLOB, action TEXT NOT NULL, ref TEXT NOT NULL,
	detail TEXT NOT NULL,
	digest BLOB NOT NULL CHECK(length(digest) = 32)
) STRICT;

CREATE TABLE draft(
	clerk BLOB NOT NULL, screen TEXT NOT NULL, at_ms INTEGER NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY(clerk, screen)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference(
	seq INTEGER PRIMARY KEY,
	current INTEGER NOT NULL CHECK(current IN (0, 1)),
	kind TEXT NOT NULL, name TEXT NOT NULL, rows INTEGER NOT NULL,
	imported_ms INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK(length(digest) = 32)
) STRICT;
CREATE UNIQUE INDEX reference_current ON reference(kind, name) WHERE current = 1;
CREATE TABLE reference_text(seq INTEGER PRIMARY KEY REFERENCES reference, text BLOB NOT NULL)
	STRICT;
CREATE TABLE recipient(code TEXT PRIMARY KEY, name TEXT NOT NULL, public_key BLOB NOT NULL)
	STRICT, WITHOUT ROWID;

CREATE TRIGGER consent_fixed BEFORE UPDATE OF id, contact, purpose, wording, how, clerk, given_ms
	ON consent
BEGIN SELECT RAISE(ABORT, 'a consent is withdrawn, not edited'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER outbox_fixed
BEFORE UPDATE OF id, ord, agg, agg_ver, kind, schema, digest, supersedes, created_ms, mono_ms,
	boot_id, trust, clerk
ON outbox
BEGIN SELECT RAISE(ABORT, 'an operation is frozen'); END;
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'operations are kept'); END;
CREATE TRIGGER outbox_body_fixed BEFORE UPDATE ON outbox_body WHEN NEW.body IS NOT NULL
	OR NEW.seq <> OLD.seq
BEGIN SELECT RAISE(ABORT, 'a body is frozen'); END;
CREATE TRIGGER outbox_body_kept BEFORE DELETE ON outbox_body
BEGIN SELECT RAISE(ABORT, 'operations are kept'); END;
CREATE TRIGGER shipment_fixed
BEFORE UPDATE OF id, station_no, courier, carrier, service, product_line, pieces, weight_g,
	billed_g, freight_fen,
	insured_fen, insurance_fen, packing_fen, total_fen, tariff, tariff_row, payer, id_type,
	identity_seen,
	inspected, terms_read, clerk, booked_ms, op
ON shipment
BEGIN SELECT RAISE(ABORT, 'a parcel is not edited'); END;
CREATE TRIGGER shipment_number BEFORE UPDATE OF waybill_no ON shipment WHEN OLD.waybill_no <> ''
BEGIN SELECT RAISE(ABORT, 'a parcel keeps its number'); END;
CREATE TRIGGER shipment_void_stays BEFORE UPDATE OF state ON shipment WHEN OLD.state = 2
BEGIN SELECT RAISE(ABORT, 'a void parcel stays void'); END;
CREATE TRIGGER shipment_kept BEFORE DELETE ON shipment
BEGIN SELECT RAISE(ABORT, 'parcels are kept'); END;
CREATE TRIGGER party_fixed BEFORE UPDATE ON party
WHEN NEW.shipment <> OLD.shipment OR NEW.role <> OLD.role
	OR NEW.name || NEW.phone || NEW.company || NEW.detail <> ''
BEGIN SELECT RAISE(ABORT, 'a party may be erased, not edited'); END;
CREATE TRIGGER party_kept BEFORE DELETE ON party
BEGIN SELECT RAISE(ABORT, 'parcels are kept'); END;
CREATE TRIGGER line_fixed BEFORE UPDATE ON line
BEGIN SELECT RAISE(ABORT, 'a parcel is not edited'); END;
CREATE TRIGGER line_kept BEFORE DELETE ON line
BEGIN SELECT RAISE(ABORT, 'parcels are kept'); END;
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'a payment is reversed, not edited'); END;
CREATE TRIGGER payment_kept BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'payments are kept'); END;
