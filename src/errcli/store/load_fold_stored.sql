-- load_fold_stored: add folded events to the counts of those in the store, and remember their ids.
-- grain:  one row per event that others are folded into; one per folded event
-- params: none
-- order:  none
-- A count that is larger than its column holds stays at the largest number, as that of a record does.
UPDATE user_errors
SET
    occurrences = least(user_errors.occurrences + sums.occurrences, 2147483647),
    folded_until = greatest(coalesce(user_errors.folded_until, user_errors.timestamp), sums.newest)
FROM (
    SELECT into_id, sum(occurrences) AS occurrences, max(timestamp) AS newest
    FROM folded
    GROUP BY into_id
) AS sums
WHERE user_errors.id = sums.into_id;

INSERT INTO folded_events
SELECT id, timestamp
FROM folded;
