-- shapes_messages: which words of each event are to become a shape, and which values does the event itself name?
-- grain:  one row per event: seq, message, and the columns that hold values
-- params: none
-- order:  none
CREATE OR REPLACE TEMP VIEW to_shape AS
SELECT
    seq,
    coalesce(nullif(error_message, ''), nullif(user_message, '')) AS message,
    user_id,
    session_id,
    page,
    workflow_id,
    agent_id,
    input_data
FROM temp.events_to_shape;
