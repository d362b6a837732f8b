-- shapes_messages: which words of each event are to become a shape, which values does the event itself name, and what
--         else tells it from others?
-- grain:  one row per event: seq; kind, a hash of its place and of all that names its pattern but the shape; message, and
--         the columns that hold values
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW to_shape AS
SELECT
    events.seq,
    hash(
        mining_hash(events.error_type), mining_hash(events.error_code), mining_hash(events.page),
        mining_hash(events.action), mining_hash(trim(events.fingerprint)), mining_hash(named.rule)
    ) AS kind,
    -- to trim takes long, and a text of blanks begins with one
    coalesce(
        CASE WHEN starts_with(events.error_message, ' ') THEN nullif(trim(events.error_message), '')
        ELSE nullif(events.error_message, '') END,
        CASE WHEN starts_with(events.user_message, ' ') THEN nullif(trim(events.user_message), '')
        ELSE nullif(events.user_message, '') END
    ) AS message,
    events.user_id,
    events.session_id,
    events.page,
    events.workflow_id,
    events.agent_id,
    events.input_data
FROM temp.events_to_shape AS events
LEFT JOIN named ON named.seq = events.seq;
