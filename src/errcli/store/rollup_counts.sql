-- rollup_counts: how much did a rollup bring up to date?
-- grain:  one row: days, users (rows of daily_error_stats), patterns
-- params: none
-- order:  none
SELECT
    (SELECT count(*) FROM changed_days) AS days,
    (SELECT count(*) FROM daily_error_stats WHERE date IN (SELECT date FROM changed_days)) AS user_days,
    (SELECT count(*) FROM changed_patterns) AS patterns;
