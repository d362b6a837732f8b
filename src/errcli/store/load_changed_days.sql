-- load_changed_days: which UTC days have to be rolled up again?
-- grain:  one row per day with fresh events that is not noted yet
-- params: none
-- order:  none
INSERT INTO changed_days
SELECT DISTINCT utc_date(staged.timestamp) AS date
FROM staged
JOIN fresh ON fresh.seq = staged.seq
WHERE utc_date(staged.timestamp) NOT IN (SELECT date FROM changed_days);
