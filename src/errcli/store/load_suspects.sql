-- load_suspects: which of the events that are looked at need a closer look for what their texts say?
-- grain:  suspects: one row per such event: seq
-- params: pattern, of what may be a secret, with | behind it, or ''
-- order:  none
CREATE OR REPLACE TEMP TABLE suspects AS
-- materialized, since the engine would put the test before the join, where it is made of every event
WITH tested AS MATERIALIZED (
    SELECT
        arriving.seq,
        regexp_matches(
            concat(
                concat_ws(
                    chr(10), error_type, error_code, error_message, user_message, technical, page, action,
                    severity, recovery_method, recovery_user_action, release, fingerprint
                ),
                chr(31), CAST(input_data AS VARCHAR), CAST(previous_errors AS VARCHAR)
            ),
            -- what may be a secret, an object or a list where a text belongs, a control character in JSON
            concat(
                $pattern,
                '(?:^|\n)(?:\{(?:"(?s:.*))?\}|\[(?:[\[{"\dtfn-](?s:.*))?\])[\n\x1f]|\\u00[01]'
            )
        ) AS is_suspect
    FROM looked_at
    JOIN temp.arriving ON arriving.seq = looked_at.seq
)
SELECT seq
FROM tested
WHERE is_suspect;
