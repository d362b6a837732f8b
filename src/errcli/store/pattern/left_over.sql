-- left_over: what is known of a pattern whatever the window, also of events that were pruned?
-- grain:  one row: template, error_type, errors, users, first_seen, last_seen
-- params: pattern_hash
-- order:  none
SELECT error_message_pattern, error_type, occurrence_count, affected_users, first_seen, last_seen
FROM computed_patterns
WHERE pattern_hash = $pattern_hash
