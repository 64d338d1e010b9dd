-- A company as `Benchmarks/company --copy` writes it: what is asked about deals, indexed for it.
-- Amounts are in minor units. A version holds from its `from_at` until before its `until_at`.
CREATE TABLE unit (id int PRIMARY KEY, parent int REFERENCES unit);
CREATE TABLE person (id int PRIMARY KEY, login text NOT NULL, unit int NOT NULL);
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, type text, industry text);
CREATE TABLE rate (currency text PRIMARY KEY, rate numeric NOT NULL);
CREATE TABLE stage (
    version int, stage int, process text NOT NULL, key text NOT NULL, win_rate int NOT NULL,
    PRIMARY KEY (version, stage));
CREATE TABLE deal (
    id int PRIMARY KEY, title text NOT NULL, customer int NOT NULL, amount bigint, currency text,
    close date, owner int NOT NULL, unit int NOT NULL, version int NOT NULL, stage int NOT NULL,
    outcome text NOT NULL, created_at timestamptz NOT NULL, entered_at timestamptz NOT NULL,
    closed_at timestamptz, source text, industry text, product text, region text, channel text);
CREATE TABLE event (
    seq bigint PRIMARY KEY, deal int NOT NULL, at timestamptz NOT NULL, actor int NOT NULL,
    kind text NOT NULL);
CREATE TABLE deal_version (
    deal int NOT NULL, from_at timestamptz NOT NULL, until_at timestamptz NOT NULL,
    from_seq bigint NOT NULL, until_seq bigint NOT NULL, owner int NOT NULL, unit int NOT NULL,
    version int NOT NULL, stage int NOT NULL, outcome text NOT NULL, amount bigint, currency text,
    close date, customer int NOT NULL, product text);
