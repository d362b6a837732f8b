-- row_groups_too_long: how many row groups hold texts so long that many such rows would not fit in memory together?
-- grain:  one row: row_groups
-- params: of_row (bytes that a row has at most where they fit), of_few (bytes that any row group may have besides)
-- order:  none
-- Of the tables with texts that others have written: a checkpoint puts row groups of every table together.
WITH segments AS (
    SELECT 'user_errors' AS name, row_group_id, start, count, block_id, additional_block_ids
    FROM pragma_storage_info('user_errors')
    UNION ALL
    SELECT 'rejected_lines' AS name, row_group_id, start, count, block_id, additional_block_ids
    FROM pragma_storage_info('rejected_lines')
)
SELECT count(*) AS row_groups
FROM (
    SELECT name, row_group_id
    FROM segments
    GROUP BY name, row_group_id
    -- long texts lie in blocks of their own; a block has 256 KiB
    HAVING (count(DISTINCT block_id) + coalesce(sum(len(additional_block_ids)), 0)) * 262144
        > max(start + count) * $of_row + $of_few
) AS too_long;
