-- load_texts: what does each event say that the engine has just read, where a secret may be?
-- grain:  one row per event that was plain up to now: seq, text
-- params: first, last: from which seq to which
-- order:  none
SELECT
    seq,
    concat(
        concat_ws(
            chr(10), error_type, error_code, error_message, user_message, technical, page, action,
            severity, recovery_method, recovery_user_action, release, fingerprint
        ),
        chr(31), CAST(input_data AS VARCHAR), array_to_string(previous_errors, chr(31))
    ) AS text
FROM arriving
WHERE plain AND seq BETWEEN $first AND $last;
