-- load_native: read native lines; which of them need a closer look than the engine's?
-- grain:  one row per line: seq, the columns of an event (id and source_id derived later), and `plain`
-- params: zone_is_utc, whether times without an offset are
-- order:  none
-- A line is plain if reading it once more with care would give the same event, but for what load_suspects.sql finds in
-- its texts: what is not is read elsewhere.
-- Names and precedence are those of the format native: sections go before the top level.
WITH read_lines AS (
    SELECT seq, line, json_transform(line, '{
        "id": "VARCHAR", "source_id": "VARCHAR", "userId": "VARCHAR", "user_id": "VARCHAR",
        "sessionId": "VARCHAR", "session_id": "VARCHAR", "timestamp": "VARCHAR",
        "error_type": "VARCHAR", "errorType": "VARCHAR", "error_code": "VARCHAR", "errorCode": "VARCHAR",
        "error_message": "VARCHAR", "errorMessage": "VARCHAR",
        "userMessage": "VARCHAR", "user_message": "VARCHAR", "technical": "VARCHAR",
        "page": "VARCHAR", "action": "VARCHAR", "workflowId": "VARCHAR", "workflow_id": "VARCHAR",
        "agentId": "VARCHAR", "agent_id": "VARCHAR", "inputData": "JSON", "input_data": "JSON",
        "previousErrors": "JSON", "previous_errors": "JSON", "release": "VARCHAR",
        "severity": "VARCHAR", "userBlocked": "VARCHAR", "user_blocked": "VARCHAR",
        "workflowFailed": "VARCHAR", "workflow_failed": "VARCHAR", "dataLoss": "VARCHAR", "data_loss": "VARCHAR",
        "recovery_attempted": "VARCHAR", "recovery_successful": "VARCHAR", "recovery_method": "VARCHAR",
        "recovery_user_action": "VARCHAR", "fingerprint": "VARCHAR", "occurrences": "VARCHAR",
        "error": {
            "type": "VARCHAR", "code": "VARCHAR", "message": "VARCHAR", "userMessage": "VARCHAR",
            "user_message": "VARCHAR", "technical": "VARCHAR"
        },
        "context": {
            "page": "VARCHAR", "action": "VARCHAR", "workflowId": "VARCHAR", "workflow_id": "VARCHAR",
            "agentId": "VARCHAR", "agent_id": "VARCHAR", "inputData": "JSON", "input_data": "JSON",
            "previousErrors": "JSON", "previous_errors": "JSON", "release": "VARCHAR"
        },
        "impact": {
            "severity": "VARCHAR", "userBlocked": "VARCHAR", "user_blocked": "VARCHAR",
            "workflowFailed": "VARCHAR", "workflow_failed": "VARCHAR", "dataLoss": "VARCHAR", "data_loss": "VARCHAR"
        },
        "recovery": {
            "attempted": "VARCHAR", "successful": "VARCHAR", "method": "VARCHAR", "userAction": "VARCHAR",
            "user_action": "VARCHAR"
        }
    }') AS r
    FROM lines
),
texts AS (
    SELECT
        seq,
        r.id AS own_id,
        TRY_CAST(r.id AS UUID) AS own_uuid,
        CASE WHEN r.id IS NULL THEN line END AS text,
        strlen(line) <= 1048576 AS is_short,
        -- the format's own code tells whether a record without any of these is an error
        coalesce(
            r.error.type, r.error.code, r.error.message, r.error.userMessage, r.error.user_message, r.error.technical,
            r.error_type, r.errorType, r.error_code, r.errorCode, r.error_message, r.errorMessage
        ) IS NOT NULL AS has_error,
        r.source_id AS source_id,
        coalesce(r.userId, r.user_id) AS user_id,
        coalesce(r.sessionId, r.session_id) AS session_id,
        r.timestamp AS own_time,
        coalesce(r.error.type, r.error_type, r.errorType) AS error_type,
        coalesce(r.error.code, r.error_code, r.errorCode) AS error_code,
        coalesce(r.error.message, r.error_message, r.errorMessage) AS error_message,
        coalesce(r.error.userMessage, r.error.user_message, r.userMessage, r.user_message) AS user_message,
        coalesce(r.error.technical, r.technical) AS technical,
        coalesce(r.context.page, r.page) AS page,
        coalesce(r.context.action, r.action) AS action,
        coalesce(r.impact.severity, r.severity) AS severity,
        coalesce(r.impact.userBlocked, r.impact.user_blocked, r.userBlocked, r.user_blocked) AS user_blocked,
        coalesce(r.impact.workflowFailed, r.impact.workflow_failed, r.workflowFailed, r.workflow_failed)
            AS workflow_failed,
        coalesce(r.impact.dataLoss, r.impact.data_loss, r.dataLoss, r.data_loss) AS data_loss,
        coalesce(r.context.workflowId, r.context.workflow_id, r.workflowId, r.workflow_id) AS workflow_id,
        coalesce(r.context.agentId, r.context.agent_id, r.agentId, r.agent_id) AS agent_id,
        coalesce(r.context.inputData, r.context.input_data, r.inputData, r.input_data) AS input_data,
        coalesce(r.context.previousErrors, r.context.previous_errors, r.previousErrors, r.previous_errors)
            AS previous_errors,
        coalesce(r.recovery.attempted, r.recovery_attempted) AS recovery_attempted,
        coalesce(r.recovery.successful, r.recovery_successful) AS recovery_successful,
        coalesce(r.recovery.method, r.recovery_method) AS recovery_method,
        coalesce(r.recovery.userAction, r.recovery.user_action, r.recovery_user_action) AS recovery_user_action,
        coalesce(r.context.release, r.release) AS release,
        r.fingerprint AS fingerprint,
        r.occurrences AS occurrences
    FROM read_lines
),
digested AS (
    -- in a step of its own: inside a CASE the engine would make a digest anew wherever it is mentioned
    SELECT
        *,
        CASE
            WHEN own_uuid IS NOT NULL THEN NULL
            WHEN own_id IS NOT NULL THEN name_digest('id:', own_id)
            ELSE name_digest('text:', trim(text, e' \t\n\r\x0b\x0c'))
        END AS digest
    FROM texts
),
typed AS (
    SELECT
        seq,
        own_id,
        own_uuid,
        CASE WHEN own_uuid IS NOT NULL THEN own_uuid ELSE uuid_of_sha1(digest) END AS id,
        CASE WHEN own_id IS NOT NULL AND own_uuid IS NULL THEN own_id ELSE source_id END AS source_id,
        user_id, session_id,
        instant_of(own_time, $zone_is_utc) AS timestamp,
        has_error,
        coalesce(nullif(error_type, ''), 'unknown') AS error_type,
        error_code, error_message, user_message, technical, page, action, severity,
        truth(user_blocked) AS user_blocked,
        truth(workflow_failed) AS workflow_failed,
        truth(data_loss) AS data_loss,
        workflow_id, agent_id, input_data,
        CASE WHEN is_list_of_texts(CAST(previous_errors AS VARCHAR)) THEN CAST(previous_errors AS VARCHAR[]) END AS previous_errors,
        truth(recovery_attempted) AS recovery_attempted,
        truth(recovery_successful) AS recovery_successful,
        recovery_method, recovery_user_action, release, fingerprint,
        CASE WHEN occurrences IS NULL THEN 1 WHEN is_count(occurrences) THEN CAST(occurrences AS INTEGER) END
            AS occurrences,
        is_short AND is_truth(user_blocked) AND is_truth(workflow_failed) AND is_truth(data_loss)
            AND is_truth(recovery_attempted) AND is_truth(recovery_successful)
            AND is_list_of_texts(CAST(previous_errors AS VARCHAR)) AND is_input_data(CAST(input_data AS VARCHAR))
            AS values_are_plain
    FROM digested
)
SELECT
    * EXCLUDE (own_id, own_uuid, has_error, values_are_plain),
    coalesce(
        values_are_plain AND has_error AND user_id IS NOT NULL AND timestamp IS NOT NULL AND occurrences IS NOT NULL
        AND are_names(user_id, session_id, workflow_id, agent_id, source_id, own_id)
        -- of the spellings of a UUID only the usual one
        AND (own_uuid IS NULL OR own_id LIKE '________-____-____-____-____________'),
        false
    ) AS plain
FROM typed;
