-- For each table the sum of its rows' hashes (store/tally.h), so that a changed bit is found.
CREATE TABLE tally(one INTEGER PRIMARY KEY CHECK(one = 1), sums BLOB NOT NULL) STRICT;
INSERT INTO tally(one, sums) VALUES(1, x'');
