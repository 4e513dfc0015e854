CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS account (
  isp_id INTEGER PRIMARY KEY, name TEXT NOT NULL, user_name TEXT NOT NULL, password TEXT NOT NULL,
  aes_key TEXT NOT NULL, aes_iv TEXT NOT NULL, province TEXT NOT NULL,
  encrypt INTEGER NOT NULL DEFAULT 1,      -- downloads: 0 plain, 1 AES
  permitted INTEGER NOT NULL DEFAULT 1,    -- 0 answers 19
  hours TEXT NOT NULL DEFAULT '',          -- HH:MM-HH:MM, outside of which 20 is answered; empty: always open
  businesses TEXT NOT NULL DEFAULT '',     -- upload groups allowed, separated by blanks; empty: all
  ip_ranges TEXT NOT NULL DEFAULT '',      -- the provider's own IP filing, a or a-b; empty: not compared
  last_sequence INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS upload (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isp_id INTEGER NOT NULL, sequence INTEGER NOT NULL, file_name TEXT NOT NULL,
  data TEXT NOT NULL, hash TEXT NOT NULL, encrypt_algorithm INTEGER NOT NULL, xml BLOB NOT NULL, reply TEXT NOT NULL,
  received_at REAL NOT NULL, processed_at REAL, UNIQUE (isp_id, sequence)
);
CREATE INDEX IF NOT EXISTS upload_waiting ON upload (id) WHERE processed_at IS NULL;

CREATE TABLE IF NOT EXISTS request (
  id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE, isp_id INTEGER NOT NULL,
  upload_id INTEGER NOT NULL REFERENCES upload (id), group_name TEXT NOT NULL, operation INTEGER NOT NULL,
  reference TEXT NOT NULL, record_ids TEXT NOT NULL, xml TEXT NOT NULL, subject_name TEXT NOT NULL, domain TEXT NOT NULL,
  state TEXT NOT NULL,                     -- pending, approved, rejected, failed
  opinion TEXT NOT NULL DEFAULT '', officer TEXT NOT NULL DEFAULT '', filing_number TEXT NOT NULL DEFAULT '',
  received_at REAL NOT NULL, decide_after REAL, decided_at REAL
);
CREATE INDEX IF NOT EXISTS request_state ON request (state, id);

-- What a pending request holds, so that another one of the same kind is refused.
CREATE TABLE IF NOT EXISTS claim (
  request_id INTEGER NOT NULL REFERENCES request (id), kind TEXT NOT NULL, value TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS claim_value ON claim (kind, value);

CREATE TABLE IF NOT EXISTS download (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isp_id INTEGER NOT NULL, file_name TEXT NOT NULL UNIQUE, xml BLOB NOT NULL,
  created_at REAL NOT NULL, delivered INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0, acked_at REAL
);
CREATE INDEX IF NOT EXISTS download_waiting ON download (isp_id, id) WHERE acked_at IS NULL;

-- Files that wait until the provider was told once that there are none.
CREATE TABLE IF NOT EXISTS held (download_id INTEGER PRIMARY KEY REFERENCES download (id));

CREATE TABLE IF NOT EXISTS sponsor (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isp_id INTEGER NOT NULL, isp_ztid INTEGER, number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL, document_type TEXT NOT NULL, document_number TEXT NOT NULL, province TEXT NOT NULL,
  password_md5 TEXT NOT NULL, xml TEXT NOT NULL, reported_at REAL NOT NULL, changed_at REAL NOT NULL, cancelled_at REAL
);
CREATE INDEX IF NOT EXISTS sponsor_document ON sponsor (document_type, document_number);
CREATE TABLE IF NOT EXISTS website (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sponsor_id INTEGER NOT NULL REFERENCES sponsor (id), isp_id INTEGER NOT NULL,
  isp_wzid INTEGER, suffix INTEGER NOT NULL, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, home_url TEXT NOT NULL,
  xml TEXT NOT NULL, reported_at REAL NOT NULL, changed_at REAL NOT NULL, cancelled_at REAL, UNIQUE (sponsor_id, suffix)
);
CREATE TABLE IF NOT EXISTS domain (
  id INTEGER PRIMARY KEY AUTOINCREMENT, website_id INTEGER NOT NULL REFERENCES website (id), isp_id INTEGER NOT NULL,
  isp_ymid INTEGER, name TEXT NOT NULL, cancelled_at REAL
);
CREATE INDEX IF NOT EXISTS domain_name ON domain (name);
CREATE TABLE IF NOT EXISTS access (
  id INTEGER PRIMARY KEY AUTOINCREMENT, website_id INTEGER NOT NULL REFERENCES website (id), isp_id INTEGER NOT NULL,
  isp_jrid INTEGER, locations TEXT NOT NULL, methods TEXT NOT NULL, cancelled_at REAL
);
CREATE TABLE IF NOT EXISTS ip_range (
  id INTEGER PRIMARY KEY AUTOINCREMENT, access_id INTEGER NOT NULL REFERENCES access (id), isp_ipid INTEGER,
  first INTEGER NOT NULL, last INTEGER NOT NULL, cancelled_at REAL
);
-- By the ids that the provider gave.
CREATE INDEX IF NOT EXISTS sponsor_own ON sponsor (isp_id, isp_ztid);
CREATE INDEX IF NOT EXISTS website_own ON website (isp_id, isp_wzid);
CREATE INDEX IF NOT EXISTS domain_own ON domain (isp_id, isp_ymid);
CREATE INDEX IF NOT EXISTS access_own ON access (isp_id, isp_jrid);
CREATE INDEX IF NOT EXISTS ip_range_own ON ip_range (isp_ipid);
-- Ids of the provider's that a change gave up for others; of a range with the ends it had then.
CREATE TABLE IF NOT EXISTS former_id (
  kind TEXT NOT NULL, isp_id INTEGER NOT NULL, number INTEGER NOT NULL, ends TEXT NOT NULL, bureau_id INTEGER NOT NULL,
  PRIMARY KEY (kind, isp_id, number, ends, bureau_id)
);
CREATE TABLE IF NOT EXISTS serial (prefix TEXT NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (prefix, year));
CREATE TABLE IF NOT EXISTS blacklist (kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, value));
CREATE TABLE IF NOT EXISTS attempt (number TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_number ON attempt (number, at);
CREATE TABLE IF NOT EXISTS unfiled (domain TEXT NOT NULL, ip INTEGER NOT NULL, isp_id INTEGER NOT NULL, answered_at REAL,
  PRIMARY KEY (domain, ip));
CREATE TABLE IF NOT EXISTS trouble (name TEXT PRIMARY KEY, remaining INTEGER NOT NULL); -- -1: until switched off
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
  created_at REAL NOT NULL, sent_at REAL, error TEXT NOT NULL DEFAULT ''
);

-- What was on record when a request was decided, so that its page can show old beside new later.
CREATE TABLE IF NOT EXISTS baseline (request_id INTEGER PRIMARY KEY REFERENCES request (id), xml TEXT NOT NULL);
-- Verification material that came on its own (XZHYD), for a sponsor (kind 1) or a website (kind 2).
CREATE TABLE IF NOT EXISTS material (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isp_id INTEGER NOT NULL, kind INTEGER NOT NULL, owner_id INTEGER NOT NULL,
  purpose TEXT NOT NULL, xml TEXT NOT NULL, received_at REAL NOT NULL
);
-- Tasks of verification (HSRW); website_id NULL: all websites of the sponsor. HSJG sets what is below answered_at.
CREATE TABLE IF NOT EXISTS task (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isp_id INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT 'HSRW',
  sponsor_id INTEGER NOT NULL REFERENCES sponsor (id), website_id INTEGER REFERENCES website (id),
  issued_at REAL NOT NULL, due_at REAL, answered_at REAL,
  verdict INTEGER,                         -- 0 passed, 1 refused
  opinion TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS task_open ON task (isp_id, sponsor_id) WHERE answered_at IS NULL;
-- How a row of `unfiled` was answered (WBACLJG).
CREATE TABLE IF NOT EXISTS unfiled_answer (
  domain TEXT NOT NULL, ip INTEGER NOT NULL, result TEXT NOT NULL, opinion TEXT NOT NULL,
  PRIMARY KEY (domain, ip)
);
-- Rows of code tables that were issued otherwise than the vocabulary has them (JCDM).
CREATE TABLE IF NOT EXISTS code_change (
  name TEXT NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL, valid INTEGER NOT NULL, PRIMARY KEY (name, code)
);
-- Reporting units that are no longer served.
CREATE TABLE IF NOT EXISTS retired (isp_id INTEGER PRIMARY KEY, at REAL NOT NULL);

-- Ids of different kinds start far apart, so that one taken for another is noticed at once.
INSERT INTO sqlite_sequence (name, seq)
  SELECT k.name, k.seq FROM (
    SELECT 'sponsor' AS name, 100000 AS seq UNION ALL SELECT 'website', 200000 UNION ALL SELECT 'domain', 400000
    UNION ALL SELECT 'access', 300000 UNION ALL SELECT 'ip_range', 500000) AS k
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence s WHERE s.name = k.name);
