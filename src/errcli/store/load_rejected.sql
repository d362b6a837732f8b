-- load_rejected: keep the lines that are no events, the same line of the same file once.
-- grain:  one row per rejected line that is not kept yet
-- params: file, now
-- order:  by line
INSERT INTO rejected_lines
SELECT
    CAST($file AS VARCHAR) AS file,
    rejected.line_number,
    rejected.reason,
    rejected.text,
    CAST($now AS TIMESTAMPTZ) AS ingested_at
FROM rejected
WHERE NOT EXISTS (
    SELECT 1
    FROM rejected_lines AS kept
    WHERE kept.file = $file AND kept.line_number = rejected.line_number AND kept.text = rejected.text
)
ORDER BY rejected.line_number;
