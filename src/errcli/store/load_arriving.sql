-- load_arriving: where do events wait until they are committed?
-- grain:  one row per record of the burst in hand: seq, its number in the file, and the columns of an event; `plain` is
--         whether the engine read it as the format's own code would, NULL where that code did
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE arriving (
    seq                  BIGINT,
    id                   UUID,
    source_id            VARCHAR,
    user_id              VARCHAR,
    session_id           VARCHAR,
    timestamp            TIMESTAMPTZ,
    error_type           VARCHAR,
    error_code           VARCHAR,
    error_message        VARCHAR,
    user_message         VARCHAR,
    technical            VARCHAR,
    page                 VARCHAR,
    action               VARCHAR,
    severity             VARCHAR,
    user_blocked         BOOLEAN,
    workflow_failed      BOOLEAN,
    data_loss            BOOLEAN,
    workflow_id          VARCHAR,
    agent_id             VARCHAR,
    input_data           JSON,
    previous_errors      VARCHAR[],
    recovery_attempted   BOOLEAN,
    recovery_successful  BOOLEAN,
    recovery_method      VARCHAR,
    recovery_user_action VARCHAR,
    release              VARCHAR,
    fingerprint          VARCHAR,
    occurrences          INTEGER,
    plain                BOOLEAN
);
