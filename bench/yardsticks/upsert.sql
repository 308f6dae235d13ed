-- One batch of the upserts of yardstick_postgres, for pgbench: pgbench -n -M prepared -f upsert.sql
-- -D batch=128 -D bytes=600. The table is that of yardstick_postgres, filled by its loop.
\set first random(0, 19999)
INSERT INTO yardstick (key, body)
SELECT 'BE/BEC/LOAD' || lpad(((:first + i) * 7919 % 20000)::text, 8, '0'),
       convert_to(repeat('y', :bytes), 'UTF8')
FROM generate_series(0, :batch - 1) AS i
ON CONFLICT (key) DO UPDATE SET body = excluded.body;
