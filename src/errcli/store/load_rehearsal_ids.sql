-- load_rehearsal_ids: what does a dry run have to know of the store?
-- grain:  one row per event: its id, and what may not be null
-- params: none
-- order:  none
SELECT id, user_id, timestamp, error_type, pattern_hash, occurrences, created_at
FROM user_errors;
