-- What is asked of the platform about waybill numbers. The row is here before the request goes out
-- and its id is the request's key: a lost answer brings the same lease, not a second one.
CREATE TABLE lease(
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
	what TEXT NOT NULL CHECK(what IN ('take', 'return')),
	courier TEXT NOT NULL, count INTEGER NOT NULL, high_water INTEGER NOT NULL,
	lease_id TEXT NOT NULL, used_to INTEGER NOT NULL,
	state INTEGER NOT NULL, -- 0 open, 1 done, 2 refused
	code TEXT NOT NULL, reason TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX lease_open ON lease(courier, what, lease_id) WHERE state = 0;
CREATE INDEX lease_courier ON lease(courier, seq);
CREATE TRIGGER lease_fixed
BEFORE UPDATE OF id, what, courier, count, high_water, used_to ON lease
BEGIN SELECT RAISE(ABORT, 'a request for numbers is frozen'); END;
CREATE TRIGGER lease_kept BEFORE DELETE ON lease
BEGIN SELECT RAISE(ABORT, 'requests for numbers are kept'); END;

-- What the platform hands out, by stream. The cursor moves in the transaction of the items.
CREATE TABLE feed(
	stream TEXT PRIMARY KEY,
	cursor TEXT NOT NULL, epoch TEXT NOT NULL, -- of the platform that gave the cursor
	etag TEXT NOT NULL, -- of the snapshot that is held unchanged, or ''
	wants_snapshot INTEGER NOT NULL,
	part_etag TEXT NOT NULL, part_total INTEGER NOT NULL, -- of the snapshot that comes in
	good_ms INTEGER NOT NULL, fault TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE feed_part(
	stream TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
	PRIMARY KEY(stream, at)
) STRICT;
-- Which version of what is held. gone: deleted there; the row stays, so that an older one does not
-- come back. fault: why it was not taken, or ''.
CREATE TABLE feed_item(
	stream TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, gone INTEGER NOT NULL,
	digest BLOB NOT NULL CHECK(length(digest) = 32), fault TEXT NOT NULL,
	mark INTEGER NOT NULL, at_ms INTEGER NOT NULL,
	PRIMARY KEY(stream, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_item_fault ON feed_item(stream, id) WHERE fault <> '';

CREATE TABLE notice(
	id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, until TEXT NOT NULL,
	at_ms INTEGER NOT NULL, read_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_unread ON notice(id) WHERE read_ms = 0;
CREATE TABLE tracking(
	shipment BLOB PRIMARY KEY CHECK(length(shipment) = 16),
	state TEXT NOT NULL, text TEXT NOT NULL, moved_at TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO retention(kind, personal, purpose, keep_days) VALUES
	('tracking', 'text', 'tell the sender where the parcel is', 365);
